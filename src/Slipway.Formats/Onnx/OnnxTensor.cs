using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>A constant tensor: type, shape, and where its values lie.</summary>
public sealed record OnnxTensor
{
    /// <summary>Name; empty when it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Element type.</summary>
    public OnnxDataType DataType { get; init; }

    /// <summary>Shape, empty for a scalar.</summary>
    public IReadOnlyList<long> Dimensions { get; init; } = [];

    /// <summary>Where the raw little-endian values lie in the file; null when they are kept another way.</summary>
    public ByteRange? Raw { get; init; }

    /// <summary>Values that are kept as typed lists: how many entries there are.</summary>
    public long TypedCount { get; init; }

    /// <summary>Bytes that the typed lists take in the file.</summary>
    public long TypedBytes { get; init; }

    /// <summary>Where the values lie outside the file; null when they are in it.</summary>
    public OnnxExternalData? External { get; init; }
}

/// <summary>Where the values of a tensor lie outside the model's file, as the model says it: not yet checked.</summary>
/// <param name="Location">File beside the model.</param>
/// <param name="Offset">Bytes from the start of that file.</param>
/// <param name="Length">Number of bytes; null: to the end of the file.</param>
public sealed record OnnxExternalData(string Location, long Offset, long? Length);
