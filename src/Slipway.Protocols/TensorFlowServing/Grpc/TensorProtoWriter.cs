using System.Buffers;
using System.IO.Pipelines;
using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Protocols.Protobuf;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>
/// Writes a tensor as a TensorProto with its values in the typed field, as TensorFlow Serving does by default. Floats, which are the same bytes packed, are
/// copied as they are.
/// </summary>
internal readonly struct TensorProtoWriter
{
    private const int FlushBytes = 64 << 10;
    private const int LongestVarint = 10;

    private readonly Tensor _tensor;
    private readonly int _field;
    private readonly int _shapeLength;
    private readonly long _valuesLength;

    /// <summary>Measures the tensor.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for four-bit types, which have no values here.</exception>
    public TensorProtoWriter(Tensor tensor)
    {
        _tensor = tensor;
        _field = TensorFlowTypes.ValueField(tensor.DataType);
        if (_field == 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"output '{tensor.Name}' is {tensor.DataType.ToName()}, which TensorProto has no field for");
        }

        foreach (long dimension in tensor.Shape.Dimensions)
        {
            _shapeLength += ProtobufSize.Delimited(2, DimensionLength(dimension));
        }

        _valuesLength = MeasureValues(tensor);
        long values = tensor.DataType == TensorDataType.String
            ? _valuesLength
            : _valuesLength == 0 ? 0 : ProtobufSize.Tag(_field) + ProtobufSize.Varint((ulong)_valuesLength) + _valuesLength;
        Length = 1 + ProtobufSize.Varint((ulong)tensor.DataType.ToTensorFlow()) + ProtobufSize.Delimited(2, _shapeLength) + values;
    }

    /// <summary>Encoded length in bytes.</summary>
    public long Length { get; }

    /// <summary>Writes the tensor.</summary>
    public async ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        WriteHead(writer);
        if (_tensor.DataType is not (TensorDataType.Float32 or TensorDataType.Float64))
        {
            WriteValues(writer);
            return;
        }

        ReadOnlyMemory<byte> data = _tensor.Data;
        while (data.Length > FlushBytes)
        {
            await writer.WriteAsync(data[..FlushBytes], cancellationToken);
            data = data[FlushBytes..];
        }

        writer.Write(data.Span);
    }

    private void WriteHead(PipeWriter writer)
    {
        ProtobufWriter message = new(writer.GetSpan(_shapeLength + (4 * LongestVarint)));
        message.WriteTag(1, ProtobufWireType.Varint);
        message.WriteVarint((ulong)_tensor.DataType.ToTensorFlow());
        message.WriteHead(2, _shapeLength);
        foreach (long dimension in _tensor.Shape.Dimensions)
        {
            message.WriteHead(2, DimensionLength(dimension));
            if (dimension != 0)
            {
                message.WriteTag(1, ProtobufWireType.Varint);
                message.WriteVarint((ulong)dimension);
            }
        }

        if (_tensor.DataType != TensorDataType.String && _valuesLength > 0)
        {
            message.WriteHead(_field, (int)_valuesLength);
        }

        writer.Advance(message.Position);
    }

    private void WriteValues(PipeWriter writer)
    {
        ReadOnlySpan<byte> data = _tensor.Data.Span;
        switch (_tensor.DataType)
        {
            case TensorDataType.String:
                WriteStrings(writer, data);
                break;
            case TensorDataType.Bool:
                writer.Write(data);
                break;
            case TensorDataType.UInt8:
                WriteVarints<byte>(writer, data);
                break;
            case TensorDataType.Int8:
                WriteVarints<sbyte>(writer, data);
                break;
            case TensorDataType.Int16:
                WriteVarints<short>(writer, data);
                break;
            case TensorDataType.Int32:
                WriteVarints<int>(writer, data);
                break;
            case TensorDataType.UInt32:
                WriteVarints<uint>(writer, data);
                break;
            case TensorDataType.Int64 or TensorDataType.UInt64:
                WriteVarints<long>(writer, data);
                break;
            default:
                WriteVarints<ushort>(writer, data);
                break;
        }
    }

    private void WriteStrings(PipeWriter writer, ReadOnlySpan<byte> data)
    {
        while (PackedStrings.TryReadNext(ref data, out ReadOnlySpan<byte> element))
        {
            ProtobufWriter head = new(writer.GetSpan(2 * LongestVarint));
            head.WriteHead(_field, element.Length);
            writer.Advance(head.Position);
            writer.Write(element);
        }
    }

    private static void WriteVarints<T>(PipeWriter writer, ReadOnlySpan<byte> data)
        where T : unmanaged, INumberBase<T>
    {
        // As many values at a time as surely fit what the writer gives.
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data);
        while (!values.IsEmpty)
        {
            Span<byte> room = writer.GetSpan(LongestVarint);
            int count = Math.Min(values.Length, room.Length / LongestVarint);
            ProtobufWriter message = new(room);
            foreach (T value in values[..count])
            {
                // Negative numbers take all 64 bits, as the format has it.
                message.WriteVarint((ulong)long.CreateTruncating(value));
            }

            writer.Advance(message.Position);
            values = values[count..];
        }
    }

    private static long MeasureValues(Tensor tensor) => tensor.DataType switch
    {
        TensorDataType.String => MeasureStrings(tensor),
        TensorDataType.UInt8 => MeasureVarints<byte>(tensor),
        TensorDataType.Int8 => MeasureVarints<sbyte>(tensor),
        TensorDataType.Int16 => MeasureVarints<short>(tensor),
        TensorDataType.Int32 => MeasureVarints<int>(tensor),
        TensorDataType.UInt32 => MeasureVarints<uint>(tensor),
        TensorDataType.Int64 or TensorDataType.UInt64 => MeasureVarints<long>(tensor),
        TensorDataType.UInt16 or TensorDataType.Float16 or TensorDataType.BFloat16 => MeasureVarints<ushort>(tensor),
        _ => tensor.Data.Length,
    };

    private static long MeasureVarints<T>(Tensor tensor)
        where T : unmanaged, INumberBase<T>
    {
        long length = 0;
        foreach (T value in MemoryMarshal.Cast<byte, T>(tensor.Data.Span))
        {
            length += ProtobufSize.Varint((ulong)long.CreateTruncating(value));
        }

        return length;
    }

    private static long MeasureStrings(Tensor tensor)
    {
        long length = 0;
        ReadOnlySpan<byte> data = tensor.Data.Span;
        while (PackedStrings.TryReadNext(ref data, out ReadOnlySpan<byte> element))
        {
            length += ProtobufSize.Delimited(8, element.Length);
        }

        return length;
    }

    private static int DimensionLength(long dimension) => dimension == 0 ? 0 : 1 + ProtobufSize.Varint((ulong)dimension);
}
