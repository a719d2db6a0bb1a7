using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow;

/// <summary>The signatures as the file declares them, for <see cref="Slipway.Core.ModelMetadataKeys.TensorFlowSignatures"/>.</summary>
internal static class SignatureMap
{
    private const int MaxBytes = 256 << 10;

    /// <summary>A <c>tensorflow.serving.SignatureDefMap</c> in Base64; null when it would be larger than 256 KiB, which no honest one is.</summary>
    public static string? Encode(MetaGraph graph)
    {
        if (graph.Signatures.Values.Sum(static signature => (long)signature.Entry.Length) > MaxBytes)
        {
            return null;
        }

        // A frozen graph declares none.
        if (graph.Signatures.Values.All(static signature => signature.Entry.IsEmpty))
        {
            return null;
        }

        ProtoWriter map = new();
        foreach (SignatureDefinition signature in graph.Signatures.Values.OrderBy(static signature => signature.Name, StringComparer.Ordinal))
        {
            map.Bytes(1, signature.Entry.Span);
        }

        return Convert.ToBase64String(map.Written.Span);
    }
}
