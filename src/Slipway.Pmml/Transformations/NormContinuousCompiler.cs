using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>Piecewise linear functions (<c>NormContinuous</c>) and their inverses.</summary>
internal static class NormContinuousCompiler
{
    /// <summary>Compiles one.</summary>
    public static Expression Compile(PmmlElement element, Scope scope)
    {
        Expression value = scope.Get(element.Required("field"), element).Value.To(PmmlType.Double);
        (double[] origins, double[] norms) = Points(element);
        double missing = element.Number("mapMissingTo") ?? Cell.Missing;
        string outliers = element.Attribute("outliers") ?? "asIs";
        return new DelegateExpression(PmmlType.Double, frame =>
        {
            double x = value.Evaluate(frame);
            if (Cell.IsMissing(x))
            {
                return missing;
            }

            if (x < origins[0] || x > origins[^1])
            {
                switch (outliers)
                {
                    case "asMissingValues":
                        return missing;
                    case "asExtremeValues":
                        return x < origins[0] ? norms[0] : norms[^1];
                }
            }

            return Interpolate(origins, norms, x);
        });
    }

    /// <summary>The inverse of the function that an element has: from a normalised value back to the field's own.</summary>
    public static Func<double, double> Inverse(PmmlElement element)
    {
        (double[] origins, double[] norms) = Points(element);
        if (norms[0] > norms[^1])
        {
            Array.Reverse(norms);
            Array.Reverse(origins);
        }

        return y => Interpolate(norms, origins, y);
    }

    // Beyond the ends the first and the last segment go on.
    private static double Interpolate(double[] from, double[] to, double x)
    {
        int upper = 1;
        while (upper < from.Length - 1 && x > from[upper])
        {
            upper++;
        }

        double left = from[upper - 1];
        double right = from[upper];
        return left == right ? to[upper - 1] : to[upper - 1] + ((x - left) / (right - left) * (to[upper] - to[upper - 1]));
    }

    private static (double[] Origins, double[] Norms) Points(PmmlElement element)
    {
        PmmlElement[] points = [.. element.ChildrenNamed("LinearNorm")];
        if (points.Length < 2)
        {
            throw PmmlError.Invalid(element, "has fewer than two LinearNorm elements");
        }

        double[] origins = [.. points.Select(static point => point.RequiredNumber("orig"))];
        for (int i = 1; i < origins.Length; i++)
        {
            if (!(origins[i] >= origins[i - 1]))
            {
                throw PmmlError.Invalid(element, "has LinearNorm elements that are not in the order of 'orig'");
            }
        }

        return (origins, [.. points.Select(static point => point.RequiredNumber("norm"))]);
    }
}
