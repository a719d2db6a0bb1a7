using Slipway.Core;
using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads <c>saved_model.pb</c>. Large constants and function bodies stay slices of the file's memory.</summary>
internal static class SavedModelReader
{
    private const int MaxMetaGraphs = 64;

    /// <summary>The graphs of the file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the bytes are no SavedModel.</exception>
    public static IReadOnlyList<MetaGraph> Read(ReadOnlyMemory<byte> file)
    {
        EncodedMessage message = new(file);
        List<MetaGraph> graphs = [];
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            if ((field, wire) == (2, WireType.Length) && graphs.Count < MaxMetaGraphs)
            {
                graphs.Add(MetaGraphReader.Read(message.Slice()));
            }
            else
            {
                message.Fields.Skip(wire);
            }
        }

        return graphs.Count > 0
            ? graphs
            : throw new SlipwayException(ErrorCode.InvalidModel, "the file holds no graph: it is no SavedModel, or empty");
    }
}
