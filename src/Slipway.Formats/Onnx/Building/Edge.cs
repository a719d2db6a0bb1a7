using Slipway.Core;

namespace Slipway.Formats.Onnx.Building;

/// <summary>A typed value in a graph that is being built: an input, a constant, or a node's output.</summary>
/// <param name="Name">Unique name within the graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Shape; -1 where the size is known at run time only. The rank is known unless <see cref="IsRankUnknown"/>.</param>
internal readonly record struct Edge(string Name, OnnxDataType Type, TensorShape Shape)
{
    /// <summary>Whether not even the number of dimensions is known: the shape is then left out of the file.</summary>
    public bool IsRankUnknown { get; init; }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Size of the last dimension; -1 when it is known at run time only.</summary>
    public long Width => Shape[Shape.Rank - 1];
}
