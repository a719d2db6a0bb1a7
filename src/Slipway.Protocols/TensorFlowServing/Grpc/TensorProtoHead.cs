using Slipway.Core;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Type, shape and place of the content of a TensorProto.</summary>
internal readonly record struct TensorProtoHead(TensorDataType DataType, TensorShape Shape, Range Content)
{
    private const int MaxRank = 64;

    /// <summary>Whether the elements lie in <c>tensor_content</c> rather than in a typed field.</summary>
    public bool HasContent => Content.End.Value > Content.Start.Value;

    /// <summary>Reads the head of a tensor.</summary>
    /// <param name="name">Name of the input, for errors.</param>
    /// <param name="tensor">The encoded TensorProto, in which <see cref="Content"/> is a place.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.NotSupported"/>.</exception>
    public static TensorProtoHead Read(string name, ReadOnlySpan<byte> tensor)
    {
        Span<long> shape = stackalloc long[MaxRank];
        int rank = 0;
        ulong type = 0;
        Range content = default;
        ProtobufReader reader = new(tensor);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Expect(ProtobufWireType.Varint);
                    type = reader.ReadVarint();
                    break;
                case 2:
                    ReadShape(name, reader.ReadBytes(), shape, ref rank);
                    break;
                case 4:
                    content = reader.ReadRange();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!TensorFlowTypes.TryParse(type, out TensorDataType dataType))
        {
            throw type == 0
                ? new SlipwayException(ErrorCode.InvalidRequest, $"input '{name}': the tensor has no dtype")
                : new SlipwayException(ErrorCode.NotSupported, $"input '{name}': dtype {type} is not supported");
        }

        return new TensorProtoHead(dataType, new TensorShape(shape[..rank].ToArray()), content);
    }

    private static void ReadShape(string name, ReadOnlySpan<byte> data, scoped Span<long> shape, ref int rank)
    {
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 2 when rank == MaxRank:
                    throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{name}': a shape has at most {MaxRank} dimensions");
                case 2:
                    shape[rank++] = ReadDimension(reader.ReadBytes());
                    break;
                case 3:
                    reader.Expect(ProtobufWireType.Varint);
                    if (reader.ReadVarint() != 0)
                    {
                        throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{name}': a tensor must have a known rank");
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static long ReadDimension(ReadOnlySpan<byte> data)
    {
        long size = 0;
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            if (reader.Field == 1)
            {
                reader.Expect(ProtobufWireType.Varint);
                size = (long)reader.ReadVarint();
            }
            else
            {
                reader.Skip();
            }
        }

        return size;
    }
}
