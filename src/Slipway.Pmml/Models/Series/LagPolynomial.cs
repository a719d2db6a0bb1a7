using System.Globalization;
using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>Polynomials in the operator that goes one step back: their coefficients, from that of the present on.</summary>
internal static class LagPolynomial
{
    private const int MaxOrder = 1_000;

    /// <summary>1 + s c1 B^p + s c2 B^2p + …</summary>
    /// <param name="element">For messages.</param>
    /// <param name="coefficients">The coefficients c.</param>
    /// <param name="period">The step p.</param>
    /// <param name="sign">The sign s.</param>
    public static double[] Of(PmmlElement element, double[] coefficients, int period, double sign)
    {
        if (period < 1 || (long)coefficients.Length * period > MaxOrder)
        {
            throw TooLong(element);
        }

        double[] polynomial = new double[(coefficients.Length * period) + 1];
        polynomial[0] = 1;
        for (int i = 0; i < coefficients.Length; i++)
        {
            polynomial[(i + 1) * period] = sign * coefficients[i];
        }

        return polynomial;
    }

    /// <summary>The product.</summary>
    public static double[] Multiply(PmmlElement element, double[] left, double[] right)
    {
        if (left.Length + right.Length > MaxOrder)
        {
            throw TooLong(element);
        }

        double[] product = new double[left.Length + right.Length - 1];
        for (int i = 0; i < left.Length; i++)
        {
            for (int j = 0; j < right.Length; j++)
            {
                product[i + j] += left[i] * right[j];
            }
        }

        return product;
    }

    private static Slipway.Core.SlipwayException TooLong(PmmlElement element) =>
        PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"reaches back more than {MaxOrder} steps"));
}
