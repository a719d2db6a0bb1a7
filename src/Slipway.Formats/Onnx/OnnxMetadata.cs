using Slipway.Core;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Adds metadata to ONNX files.</summary>
internal static class OnnxMetadata
{
    private const int MetadataField = 14;

    /// <summary>The file with those entries added whose keys it does not have yet; the same array when there are none.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: the file can't be read.</exception>
    public static byte[] Append(byte[] onnx, IReadOnlyDictionary<string, string> entries)
    {
        if (entries.Count == 0)
        {
            return onnx;
        }

        OnnxModel model = OnnxReader.Read(new MemoryStream(onnx, writable: false), onnx.Length);
        HashSet<string> known = new(model.Metadata.Select(static entry => entry.Key), StringComparer.Ordinal);
        ProtoWriter writer = new();
        foreach ((string key, string value) in entries.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (known.Add(key))
            {
                writer.Message(MetadataField, entry =>
                {
                    entry.Text(1, key);
                    entry.Text(2, value);
                });
            }
        }

        // Entries of a repeated field may stand anywhere in a message, so also behind all others.
        return writer.Written.Length == 0 ? onnx : [.. onnx, .. writer.Written.Span];
    }
}
