namespace Slipway.Formats.Onnx;

/// <summary>A graph or subgraph.</summary>
public sealed record OnnxGraph
{
    /// <summary>Name; empty when it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Nodes in the order of the file.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; init; } = [];

    /// <summary>Inputs; up to format version 3 they include the initialisers.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; init; } = [];

    /// <summary>Outputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; init; } = [];

    /// <summary>Types of values in between, where the file gives them.</summary>
    public IReadOnlyList<OnnxValueInfo> Values { get; init; } = [];

    /// <summary>Constants.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    /// <summary>Constants kept sparse.</summary>
    public IReadOnlyList<OnnxSparseTensor> SparseInitializers { get; init; } = [];
}

/// <summary>A constant of which only the values that are not zero are kept.</summary>
/// <param name="Values">The values; their name is the constant's.</param>
/// <param name="Indices">Where they stand.</param>
/// <param name="Dimensions">Shape of the whole.</param>
public sealed record OnnxSparseTensor(OnnxTensor? Values, OnnxTensor? Indices, IReadOnlyList<long> Dimensions);
