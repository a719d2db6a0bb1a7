using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>
/// Where the elements of one tensor go while they are read from JSON: straight into memory that the engine can use. Owns that memory until
/// <see cref="ToTensor"/>.
/// </summary>
internal abstract class TensorJsonSink(string name, TensorDataType dataType) : IDisposable
{
    /// <summary>Name of the input, for errors and for the tensor.</summary>
    public string Name { get; } = name;

    /// <summary>Element type.</summary>
    public TensorDataType DataType { get; } = dataType;

    /// <summary>Elements read so far.</summary>
    public long Count { get; protected set; }

    /// <summary>Makes the sink for an input.</summary>
    /// <param name="name">Name of the input.</param>
    /// <param name="dataType">Element type.</param>
    /// <param name="capacity">Elements to make room for at once.</param>
    /// <param name="fixedSize">Whether <paramref name="capacity"/> is also the most that is accepted.</param>
    /// <param name="base64">Whether a string may be written as <c>{"b64": "…"}</c>.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the type has no form in JSON.</exception>
    public static TensorJsonSink Create(string name, TensorDataType dataType, long capacity, bool fixedSize, bool base64 = false) => dataType switch
    {
        TensorDataType.Bool => new NumberSink<byte, BoolCodec>(name, dataType, capacity, fixedSize),
        TensorDataType.UInt8 => new NumberSink<byte, UnsignedCodec<byte>>(name, dataType, capacity, fixedSize),
        TensorDataType.UInt16 => new NumberSink<ushort, UnsignedCodec<ushort>>(name, dataType, capacity, fixedSize),
        TensorDataType.UInt32 => new NumberSink<uint, UnsignedCodec<uint>>(name, dataType, capacity, fixedSize),
        TensorDataType.UInt64 => new NumberSink<ulong, UnsignedCodec<ulong>>(name, dataType, capacity, fixedSize),
        TensorDataType.Int8 => new NumberSink<sbyte, SignedCodec<sbyte>>(name, dataType, capacity, fixedSize),
        TensorDataType.Int16 => new NumberSink<short, SignedCodec<short>>(name, dataType, capacity, fixedSize),
        TensorDataType.Int32 => new NumberSink<int, SignedCodec<int>>(name, dataType, capacity, fixedSize),
        TensorDataType.Int64 => new NumberSink<long, SignedCodec<long>>(name, dataType, capacity, fixedSize),
        TensorDataType.Float16 => new NumberSink<Half, HalfCodec>(name, dataType, capacity, fixedSize),
        TensorDataType.Float32 => new NumberSink<float, SingleCodec>(name, dataType, capacity, fixedSize),
        TensorDataType.Float64 => new NumberSink<double, DoubleCodec>(name, dataType, capacity, fixedSize),
        TensorDataType.String => new StringSink(name, capacity, fixedSize) { AllowsBase64 = base64 },
        _ => throw new SlipwayException(ErrorCode.NotSupported, $"input '{name}': {dataType.ToName()} has no JSON form here; send it as binary data"),
    };

    /// <summary>Reads one value that isn't in an array.</summary>
    public abstract void ReadScalar(ref JsonCursor cursor);

    /// <summary>Reads the values of an innermost array whose <c>[</c> was taken, and its <c>]</c>; returns how many there were.</summary>
    public abstract long ReadLeaves(ref JsonCursor cursor);

    /// <summary>Hands over what was read. Once.</summary>
    public abstract Tensor ToTensor(TensorShape shape);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The failure of a value that is not what the type asks for, at the cursor.</summary>
    protected SlipwayException Wrong(scoped in JsonCursor cursor, string expected) => new(
        ErrorCode.InvalidRequest, $"input '{Name}': expected {expected} ({DataType.ToName()}) at byte {cursor.Position}");

    /// <summary>The failure of an array that goes on after a value in a way that no array does.</summary>
    protected SlipwayException Broken(scoped in JsonCursor cursor) => new(
        ErrorCode.InvalidRequest, $"input '{Name}': expected ',' or ']' at byte {cursor.Position}");

    /// <summary>The failure of values beyond the number that the shape has.</summary>
    protected SlipwayException TooMany(scoped in JsonCursor cursor) => new(
        ErrorCode.ShapeMismatch, $"input '{Name}': more values than the {Count} of its shape, at byte {cursor.Position}");
}
