namespace Slipway.Formats.Onnx;

/// <summary>An operator that a model defines by other operators.</summary>
public sealed record OnnxFunction
{
    /// <summary>Operator that nodes call it by.</summary>
    public string Name { get; init; } = "";

    /// <summary>Domain that nodes call it by.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Which of several of the same name.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Names of its inputs.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of its outputs.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Its nodes.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; init; } = [];

    /// <summary>Operator sets that its nodes are written for.</summary>
    public IReadOnlyList<OnnxOpset> Opsets { get; init; } = [];
}
