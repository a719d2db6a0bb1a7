using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Inverse trigonometric functions in binary64, which the engine's own operators lack.</summary>
internal static class InverseFunctions
{
    private const int Halvings = 3;
    private const int HighestPower = 17;

    /// <summary>The angle whose tangent is x: halved three times, then its Taylor series.</summary>
    public static Edge Arctangent(GraphBuilder graph, Edge x)
    {
        Edge one = graph.Scalar(1);
        Edge size = graph.Abs(x);
        Edge isLarge = graph.Greater(size, one);
        Edge tangent = graph.Where(isLarge, graph.Div(one, size), size);
        for (int i = 0; i < Halvings; i++)
        {
            tangent = graph.Div(tangent, graph.Add(one, graph.Sqrt(graph.Add(one, graph.Mul(tangent, tangent)))));
        }

        Edge square = graph.Mul(tangent, tangent);
        Edge series = graph.Scalar(1.0 / HighestPower);
        for (int power = HighestPower - 2; power > 0; power -= 2)
        {
            series = graph.Sub(graph.Scalar(1.0 / power), graph.Mul(square, series));
        }

        Edge angle = graph.Mul(graph.Mul(tangent, series), graph.Scalar(1 << Halvings));
        return graph.Mul(graph.Sign(x), graph.Where(isLarge, graph.Sub(graph.Scalar(Math.PI / 2), angle), angle));
    }

    /// <summary>The angle whose sine is x; NaN outside of -1 … 1.</summary>
    public static Edge Arcsine(GraphBuilder graph, Edge x) =>
        Arctangent(graph, graph.Div(x, graph.Sqrt(graph.Mul(graph.Sub(graph.Scalar(1), x), graph.Add(graph.Scalar(1), x)))));

    /// <summary>The angle whose cosine is x; NaN outside of -1 … 1.</summary>
    public static Edge Arccosine(GraphBuilder graph, Edge x) =>
        graph.Mul(Arctangent(graph, graph.Sqrt(graph.Div(graph.Sub(graph.Scalar(1), x), graph.Add(graph.Scalar(1), x)))), graph.Scalar(2));
}
