using System.Diagnostics.CodeAnalysis;

namespace Slipway.Formats.Onnx;

/// <summary>Kind of an attribute; numbers are ONNX's.</summary>
public enum OnnxAttributeType
{
    /// <summary>Not said.</summary>
    Undefined = 0,

    /// <summary>A number.</summary>
    Float = 1,

    /// <summary>A whole number.</summary>
    Int = 2,

    /// <summary>Text.</summary>
    String = 3,

    /// <summary>A tensor.</summary>
    Tensor = 4,

    /// <summary>A subgraph.</summary>
    Graph = 5,

    /// <summary>Numbers.</summary>
    Floats = 6,

    /// <summary>Whole numbers.</summary>
    Ints = 7,

    /// <summary>Texts.</summary>
    Strings = 8,

    /// <summary>Tensors.</summary>
    Tensors = 9,

    /// <summary>Subgraphs.</summary>
    Graphs = 10,

    /// <summary>A sparse tensor.</summary>
    SparseTensor = 11,

    /// <summary>Sparse tensors.</summary>
    SparseTensors = 12,

    /// <summary>A type.</summary>
    Type = 13,

    /// <summary>Types.</summary>
    Types = 14,
}

/// <summary>A constant setting of a node.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "ONNX's own word")]
public sealed record OnnxAttribute
{
    /// <summary>Most elements of a list that are kept; longer lists (whole tree ensembles) are only counted.</summary>
    public const int MaxListElements = 1024;

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Kind.</summary>
    public OnnxAttributeType Type { get; init; }

    /// <summary>Value of a <see cref="OnnxAttributeType.Float"/>.</summary>
    public float? Float { get; init; }

    /// <summary>Value of an <see cref="OnnxAttributeType.Int"/>.</summary>
    public long? Int { get; init; }

    /// <summary>Value of a <see cref="OnnxAttributeType.String"/> of no more than 64 KiB; null for longer ones.</summary>
    public string? Text { get; init; }

    /// <summary>First <see cref="MaxListElements"/> of <see cref="OnnxAttributeType.Floats"/>.</summary>
    public IReadOnlyList<float> Floats { get; init; } = [];

    /// <summary>First <see cref="MaxListElements"/> of <see cref="OnnxAttributeType.Ints"/>.</summary>
    public IReadOnlyList<long> Ints { get; init; } = [];

    /// <summary>Elements of the list in the file, kept or not; 0 when it is no list of numbers or texts.</summary>
    public long ElementCount { get; init; }

    /// <summary>Bytes that the numbers or texts of the list take in the file.</summary>
    public long ListBytes { get; init; }

    /// <summary>Tensors of a <see cref="OnnxAttributeType.Tensor"/>, <see cref="OnnxAttributeType.Tensors"/> and of sparse ones.</summary>
    public IReadOnlyList<OnnxTensor> Tensors { get; init; } = [];

    /// <summary>Subgraphs.</summary>
    public IReadOnlyList<OnnxGraph> Graphs { get; init; } = [];

    /// <summary>Name of the function attribute that gives the value; empty when the value stands here.</summary>
    public string Reference { get; init; } = "";
}
