using Slipway.Core;
using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads TensorShapeProto.</summary>
internal static class ShapeReader
{
    private const int MaxRank = 254;

    /// <summary>Reads the shape whose tag was just read.</summary>
    public static PartialShape Read(EncodedMessage message)
    {
        List<long> dimensions = [];
        bool unknown = false;
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (2, WireType.Length):
                    dimensions.Add(ReadDimension(message));
                    break;
                case (3, WireType.Varint):
                    unknown = message.Fields.ReadVarint() != 0;
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return dimensions.Count > MaxRank
            ? throw new SlipwayException(ErrorCode.InvalidModel, $"a shape has {dimensions.Count} dimensions, at most {MaxRank} are possible")
            : unknown ? PartialShape.Unknown : new PartialShape([.. dimensions]);
    }

    private static long ReadDimension(EncodedMessage message)
    {
        long size = 0;
        message.ForEach((field, wire) =>
        {
            if ((field, wire) == (1, WireType.Varint))
            {
                size = Math.Max(-1, message.Fields.ReadInt64());
            }
            else
            {
                message.Fields.Skip(wire);
            }
        });
        return size;
    }
}
