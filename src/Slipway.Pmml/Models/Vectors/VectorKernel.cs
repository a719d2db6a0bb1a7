using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Vectors;

/// <summary>Kernels of support vector machines.</summary>
internal static class VectorKernel
{
    /// <summary>The kernel of a model.</summary>
    public static Func<double[], double[], double> Read(PmmlElement model)
    {
        PmmlElement element = model.Children.FirstOrDefault(static child => child.Name.EndsWith("KernelType", StringComparison.Ordinal)) ?? throw PmmlError.Invalid(model, "has no kernel");
        double gamma = element.Number("gamma") ?? 1;
        double shift = element.Number("coef0") ?? 1;
        double degree = element.Number("degree") ?? 1;
        return element.Name switch
        {
            "LinearKernelType" => Dot,
            "PolynomialKernelType" => (x, y) => Math.Pow((gamma * Dot(x, y)) + shift, degree),
            "RadialBasisKernelType" => (x, y) => Math.Exp(-gamma * SquaredDistance(x, y)),
            "SigmoidKernelType" => (x, y) => Math.Tanh((gamma * Dot(x, y)) + shift),
            _ => throw PmmlError.NotSupported(element, "the kernel"),
        };
    }

    /// <summary>The inner product.</summary>
    public static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double SquaredDistance(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            double difference = left[i] - right[i];
            sum += difference * difference;
        }

        return sum;
    }
}
