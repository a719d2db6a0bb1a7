namespace Slipway.Formats.Onnx;

/// <summary>One operator of a graph.</summary>
public sealed record OnnxNode
{
    /// <summary>Name; empty when it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Operator.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Whose operator; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Which of several functions of the same name.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Names of the values that go in; empty for one left out.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of the values that come out; empty for one that nobody wants.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Attributes.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];
}
