using System.Buffers;

namespace Slipway.Core.Rows;

/// <summary>Writes elements of one output as text. Not thread-safe: keeps its place in the tensor at hand.</summary>
internal abstract class OutputCells
{
    /// <summary>Makes the writer that suits a datatype.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: rows can't carry the datatype.</exception>
    public static OutputCells Create(TensorSignature output) => output.DataType switch
    {
        TensorDataType.Float32 => new NumberCells<float, Float32Codec>(),
        TensorDataType.Float64 => new NumberCells<double, Float64Codec>(),
        TensorDataType.Float16 => new NumberCells<Half, Float16Codec>(),
        TensorDataType.BFloat16 => new NumberCells<ushort, BFloat16Codec>(),
        TensorDataType.Int64 => new NumberCells<long, IntegerCodec<long>>(),
        TensorDataType.Int32 => new NumberCells<int, IntegerCodec<int>>(),
        TensorDataType.Int16 => new NumberCells<short, IntegerCodec<short>>(),
        TensorDataType.Int8 => new NumberCells<sbyte, IntegerCodec<sbyte>>(),
        TensorDataType.UInt64 => new NumberCells<ulong, IntegerCodec<ulong>>(),
        TensorDataType.UInt32 => new NumberCells<uint, IntegerCodec<uint>>(),
        TensorDataType.UInt16 => new NumberCells<ushort, IntegerCodec<ushort>>(),
        TensorDataType.UInt8 => new NumberCells<byte, IntegerCodec<byte>>(),
        TensorDataType.Bool => new NumberCells<byte, BoolCodec>(),
        TensorDataType.String => new StringCells(),
        var other => throw new SlipwayException(ErrorCode.NotSupported, $"output '{output.Name}' is {other.ToName()}, which rows can't carry"),
    };

    /// <summary>Goes to the first element of a tensor.</summary>
    public abstract void Begin(ReadOnlyMemory<byte> data);

    /// <summary>Writes the next elements with <paramref name="delimiter"/> between them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="delimiter">Byte between cells.</param>
    /// <param name="isAlone">Whether the row has no other cell: an empty text is then written as <c>""</c>, as a blank line is no row.</param>
    /// <param name="writer">Takes the text.</param>
    public abstract void WriteCsv(int count, byte delimiter, bool isAlone, IBufferWriter<byte> writer);

    /// <summary>Writes the next elements as JSON with commas between them.</summary>
    public abstract void WriteJson(int count, IBufferWriter<byte> writer);
}
