using Slipway.Pmml.Documents;
using Slipway.Pmml.Models.Regression;

namespace Slipway.Pmml.Models.Neural;

/// <summary>A layer of neurons, each with its connections to neurons before it. Immutable.</summary>
internal sealed class NeuralLayer
{
    private readonly int _first;
    private readonly int[][] _from;
    private readonly double[][] _weights;
    private readonly double[] _biases;
    private readonly double[] _widths;
    private readonly double[] _altitudes;
    private readonly string _function;
    private readonly string _normalization;
    private readonly double _threshold;

    private NeuralLayer(PmmlElement layer, PmmlElement network, Dictionary<string, int> neurons)
    {
        _first = neurons.Count;
        _function = layer.Attribute("activationFunction") ?? network.Required("activationFunction");
        _normalization = layer.Attribute("normalizationMethod") ?? network.Attribute("normalizationMethod") ?? "none";
        _threshold = layer.Number("threshold") ?? network.Number("threshold") ?? 0;
        if (!Functions.Contains(_function))
        {
            throw PmmlError.NotSupported(layer, $"activationFunction=\"{_function}\"");
        }

        if (_normalization is not ("none" or "softmax" or "simplemax"))
        {
            throw PmmlError.NotSupported(layer, $"normalizationMethod=\"{_normalization}\"");
        }

        PmmlElement[] elements = [.. layer.ChildrenNamed("Neuron")];
        _from = [.. elements.Select(neuron => neuron.ChildrenNamed("Con").Select(connection => neurons.TryGetValue(connection.Required("from"), out int from)
            ? from
            : throw PmmlError.Invalid(connection, $"comes from the neuron '{connection.Attribute("from")}', which is not before it")).ToArray())];
        _weights = [.. elements.Select(static neuron => neuron.ChildrenNamed("Con").Select(static connection => connection.RequiredNumber("weight")).ToArray())];
        _biases = [.. elements.Select(static neuron => neuron.Number("bias") ?? 0)];
        _widths = [.. elements.Select(neuron => neuron.Number("width") ?? layer.Number("width") ?? network.Number("width") ?? 1)];
        _altitudes = [.. elements.Select(neuron => neuron.Number("altitude") ?? layer.Number("altitude") ?? network.Number("altitude") ?? 1)];
        foreach (PmmlElement neuron in elements)
        {
            neurons[neuron.Required("id")] = neurons.Count;
        }
    }

    /// <summary>Activation functions that are known.</summary>
    public static IReadOnlyList<string> Functions { get; } =
    [
        "threshold", "logistic", "tanh", "identity", "exponential", "reciprocal", "square", "Gauss", "sine", "cosine", "Elliott", "arctan", "rectifier", "radialBasis",
    ];

    /// <summary>Neurons of the layer.</summary>
    public int Count => _biases.Length;

    /// <summary>Reads a layer; its neurons join those known.</summary>
    public static NeuralLayer Read(PmmlElement layer, PmmlElement network, Dictionary<string, int> neurons) => new(layer, network, neurons);

    /// <summary>Computes the layer's neurons from those before them.</summary>
    public void Activate(Span<double> activations)
    {
        for (int neuron = 0; neuron < _biases.Length; neuron++)
        {
            int[] from = _from[neuron];
            double[] weights = _weights[neuron];
            if (_function == "radialBasis")
            {
                activations[_first + neuron] = RadialBasis(activations, from, weights, neuron);
                continue;
            }

            double sum = 0;
            for (int i = 0; i < from.Length; i++)
            {
                sum += weights[i] * activations[from[i]];
            }

            activations[_first + neuron] = Apply(sum + _biases[neuron]);
        }

        Span<double> layer = activations.Slice(_first, _biases.Length);
        switch (_normalization)
        {
            case "softmax":
                LinkFunction.Softmax(layer);
                break;
            case "simplemax":
                Divide(layer);
                break;
        }
    }

    private static void Divide(Span<double> layer)
    {
        double sum = 0;
        foreach (double value in layer)
        {
            sum += value;
        }

        foreach (ref double value in layer)
        {
            value /= sum;
        }
    }

    private double RadialBasis(Span<double> activations, int[] from, double[] weights, int neuron)
    {
        double distance = 0;
        for (int i = 0; i < from.Length; i++)
        {
            double difference = activations[from[i]] - weights[i];
            distance += difference * difference;
        }

        double width = _widths[neuron];
        return Math.Exp((from.Length * Math.Log(_altitudes[neuron])) - (distance / (2 * width * width)));
    }

    private double Apply(double z) => _function switch
    {
        "threshold" => z > _threshold ? 1 : 0,
        "logistic" => LinkFunction.Logistic(z),
        "tanh" => Math.Tanh(z),
        "exponential" => Math.Exp(z),
        "reciprocal" => 1 / z,
        "square" => z * z,
        "Gauss" => Math.Exp(-(z * z)),
        "sine" => Math.Sin(z),
        "cosine" => Math.Cos(z),
        "Elliott" => z / (1 + Math.Abs(z)),
        "arctan" => 2 * Math.Atan(z) / Math.PI,
        "rectifier" => Math.Max(0, z),
        _ => z,
    };
}
