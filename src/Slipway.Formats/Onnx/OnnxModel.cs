namespace Slipway.Formats.Onnx;

/// <summary>What an ONNX file says, without its weights: those are left in the file and described by where they lie. Immutable.</summary>
public sealed record OnnxModel
{
    /// <summary>Version of the file format; null when the file names none.</summary>
    public long? IrVersion { get; init; }

    /// <summary>Tool that wrote the file; empty when unknown.</summary>
    public string ProducerName { get; init; } = "";

    /// <summary>Version of that tool.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>Reverse-DNS name of the model's owner.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The owner's version number; null when the file has none.</summary>
    public long? ModelVersion { get; init; }

    /// <summary>The owner's words about the model.</summary>
    public string Documentation { get; init; } = "";

    /// <summary>The graph; null when the file has none.</summary>
    public OnnxGraph? Graph { get; init; }

    /// <summary>Operator sets in the order of the file.</summary>
    public IReadOnlyList<OnnxOpset> Opsets { get; init; } = [];

    /// <summary>Free-form metadata in the order of the file; keys may repeat in a faulty file.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>Functions that the model brings along.</summary>
    public IReadOnlyList<OnnxFunction> Functions { get; init; } = [];

    /// <summary>
    /// Every tensor in the file whose values lie outside it, wherever it stands: initialisers, attributes, subgraphs, functions, training information.
    /// </summary>
    public IReadOnlyList<OnnxTensor> ExternalTensors { get; init; } = [];
}
