using Slipway.Core;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Bundles;

/// <summary>Where a tensor of a bundle lies (BundleEntryProto).</summary>
/// <param name="IsSliced">Whether its bytes are kept as slices under keys of their own.</param>
internal sealed record BundleEntry(TensorFlowType Type, PartialShape Shape, int Shard, long Offset, long Size, uint Checksum, bool IsSliced)
{
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the bytes are no entry.</exception>
    public static BundleEntry Read(ReadOnlyMemory<byte> encoded)
    {
        EncodedMessage message = new(encoded);
        ProtoReader fields = message.Fields;
        BundleEntry entry = new(TensorFlowType.Invalid, PartialShape.Scalar, 0, 0, 0, 0, false);
        while (fields.TryReadTag(out int field, out WireType wire))
        {
            switch ((field, wire))
            {
                case (1, WireType.Varint):
                    entry = entry with { Type = TensorFlowTypes.FromNumber(fields.ReadInt64()) };
                    break;
                case (2, WireType.Length):
                    entry = entry with { Shape = ShapeReader.Read(message) };
                    break;
                case (3, WireType.Varint):
                    entry = entry with { Shard = fields.ReadInt32() };
                    break;
                case (4, WireType.Varint):
                    entry = entry with { Offset = fields.ReadInt64() };
                    break;
                case (5, WireType.Varint):
                    entry = entry with { Size = fields.ReadInt64() };
                    break;
                case (6, WireType.Fixed32):
                    entry = entry with { Checksum = fields.ReadFixed32() };
                    break;
                case (7, WireType.Length):
                    entry = entry with { IsSliced = true };
                    fields.Skip(wire);
                    break;
                default:
                    fields.Skip(wire);
                    break;
            }
        }

        return entry;
    }
}
