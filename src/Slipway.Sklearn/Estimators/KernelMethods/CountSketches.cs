using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>
/// Tensor sketches of a polynomial kernel (Pham &amp; Pagh 2013): the circular convolution of several count sketches of a row. Sketch and Fourier transform are one matrix product, the
/// spectra are multiplied, and a second product leads back; a spectrum of real numbers is told by its first half.
/// </summary>
internal sealed class CountSketches : EstimatorConverter
{
    private const long MaxNumbers = 1L << 23;

    public override IReadOnlyList<string> ClassNames { get; } = ["PolynomialCountSketch"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        int components = (int)estimator.Integer("n_components");
        Matrix places = estimator.Matrix("indexHash_");
        Matrix signs = estimator.Matrix("bitHash_");
        int half = (components / 2) + 1;
        if (components < 1 || (long)components * half > MaxNumbers || (long)places.Columns * half > MaxNumbers)
        {
            throw estimator.NotSupported($"a sketch of {components} components");
        }

        // The constant of the kernel is one more feature.
        double coef0 = estimator.Number("coef0", 0);
        if (places.Columns != matrix.Width + (coef0 != 0 ? 1 : 0) || signs.Values.Length != places.Values.Length)
        {
            throw estimator.Missing("indexHash_", $"places of {matrix.Width} features");
        }

        Edge scaled = graph.Mul(matrix, graph.Scalar(Math.Sqrt(estimator.Number("gamma", 1))));
        (Edge Real, Edge Imaginary)? product = null;
        for (int degree = 0; degree < places.Rows; degree++)
        {
            Edge Part(Func<double, double> wave)
            {
                double[] weights = new double[places.Columns * half];
                for (int i = 0; i < weights.Length; i++)
                {
                    (int feature, int frequency) = (i / half, i % half);
                    weights[i] = signs[degree, feature] * wave(2 * Math.PI * (frequency * (long)places[degree, feature] % components) / components);
                }

                int features = (int)matrix.Width;
                Edge spectrum = graph.MatMul(scaled, graph.Constant(weights.AsSpan(0, features * half), features, half));
                double[] constant = [.. weights.Skip(features * half).Select(weight => weight * Math.Sqrt(coef0))];
                return constant.Length == 0 ? spectrum : graph.Add(spectrum, EmitLinear.Row(graph, constant));
            }

            (Edge real, Edge imaginary) = (Part(Math.Cos), Part(static angle => -Math.Sin(angle)));
            product = product is not { } before
                ? (real, imaginary)
                : (graph.Sub(graph.Mul(before.Real, real), graph.Mul(before.Imaginary, imaginary)), graph.Add(graph.Mul(before.Real, imaginary), graph.Mul(before.Imaginary, real)));
        }

        (Edge Real, Edge Imaginary) all = product ?? throw estimator.Missing("indexHash_", "places for each degree");
        return FeatureTable.Of(graph.Add(Back(graph, all.Real, components, Math.Cos), Back(graph, all.Imaginary, components, static angle => -Math.Sin(angle))));
    }

    // Frequencies other than zero and the highest of an even number stand for two.
    private static Edge Back(GraphBuilder graph, Edge spectrum, int components, Func<double, double> wave)
    {
        int half = (components / 2) + 1;
        double[] weights = new double[half * components];
        for (int i = 0; i < weights.Length; i++)
        {
            (int frequency, int place) = (i / components, i % components);
            double count = frequency == 0 || 2 * frequency == components ? 1 : 2;
            weights[i] = count / components * wave(2 * Math.PI * ((long)frequency * place % components) / components);
        }

        return graph.MatMul(spectrum, graph.Constant(weights, half, components));
    }
}
