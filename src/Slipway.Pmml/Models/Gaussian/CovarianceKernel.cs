using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Gaussian;

/// <summary>The covariance of a Gaussian process between two points. Immutable.</summary>
internal sealed class CovarianceKernel
{
    private readonly string _name;
    private readonly double _gamma;
    private readonly double[] _lengths;
    private readonly double _degree;

    private CovarianceKernel(PmmlElement element, int fields)
    {
        _name = element.Name;
        _gamma = element.Number("gamma") ?? 1;
        _degree = element.Number("degree") ?? 1;
        Noise = element.Number("noiseVariance") ?? 1;
        double length = element.Number("lambda") ?? 1;
        PmmlElement? array = element.Child("Lambda")?.Children.FirstOrDefault(static child => child.Name.Equals("Array", StringComparison.OrdinalIgnoreCase));
        _lengths = array is null ? [.. Enumerable.Repeat(length, fields)] : PmmlArray.Numbers(array);
        if (_lengths.Length == 1)
        {
            _lengths = [.. Enumerable.Repeat(_lengths[0], fields)];
        }

        if (_lengths.Length != fields)
        {
            throw PmmlError.Invalid(element, "has not one length for each field");
        }
    }

    /// <summary>Variance of the noise.</summary>
    public double Noise { get; }

    /// <summary>Reads the kernel of a model.</summary>
    public static CovarianceKernel Read(PmmlElement model, int fields)
    {
        PmmlElement element = model.Children.FirstOrDefault(static child => child.Name.EndsWith("Kernel", StringComparison.Ordinal)) ?? throw PmmlError.Invalid(model, "has no kernel");
        return element.Name is "RadialBasisKernel" or "ARDSquaredExponentialKernel" or "AbsoluteExponentialKernel" or "GeneralizedExponentialKernel"
            ? new CovarianceKernel(element, fields)
            : throw PmmlError.NotSupported(element, "the kernel");
    }

    /// <summary>The covariance of the function's values at two points, without noise.</summary>
    public double Covariance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < _lengths.Length; i++)
        {
            double distance = Math.Abs(left[i] - right[i]) / _lengths[i];
            sum += _name switch
            {
                "AbsoluteExponentialKernel" => distance,
                "GeneralizedExponentialKernel" => Math.Pow(distance, _degree),
                _ => distance * distance / 2,
            };
        }

        return _gamma * Math.Exp(-sum);
    }
}
