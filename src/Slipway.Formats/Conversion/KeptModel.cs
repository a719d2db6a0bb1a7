using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;

namespace Slipway.Formats.Conversion;

/// <summary>
/// A converted model as it lies on disk: the ONNX file, a footer in JSON, the footer's length (32 bits, little-endian), and the SHA-256 of all that. One file, so that it is
/// whole or not there, and one that says of itself whether it is whole.
/// </summary>
internal static class KeptModel
{
    private const int LengthBytes = sizeof(int);
    private const int TailBytes = LengthBytes + SHA256.HashSizeInBytes;
    private const int MaxFooterBytes = 16 << 20;

    /// <summary>Whether the model is one that can be kept: in memory, and all of it.</summary>
    public static bool CanKeep(PreparedModel model) => model.Model.File is null && model.ExternalData.Count == 0;

    /// <summary>Writes a model.</summary>
    public static void Write(Stream target, PreparedModel model)
    {
        byte[] footer = JsonSerializer.SerializeToUtf8Bytes(new Footer(model.Runtime, model.Platform, model.Digest, model.Metadata), FooterJson.Default.Footer);
        byte[] length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[model.Model.Bytes, footer, length])
        {
            hash.AppendData(part.Span);
            target.Write(part.Span);
        }

        target.Write(hash.GetHashAndReset());
    }

    /// <summary>The model of a file's bytes, or null when they are not whole or are of another version.</summary>
    /// <param name="bytes">The file; stays in use as long as the model.</param>
    /// <param name="digest">Digest of the version that is wanted.</param>
    public static PreparedModel? TryRead(ReadOnlyMemory<byte> bytes, string digest)
    {
        if (bytes.Length < TailBytes || !SHA256.HashData(bytes.Span[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes.Span[^SHA256.HashSizeInBytes..]))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[^TailBytes..]);
        if (length is < 0 or > MaxFooterBytes || length > bytes.Length - TailBytes)
        {
            return null;
        }

        int model = bytes.Length - TailBytes - length;
        Footer? footer = JsonSerializer.Deserialize(bytes.Span.Slice(model, length), FooterJson.Default.Footer);
        return footer is null || footer.Digest != digest ? null : new PreparedModel
        {
            Runtime = footer.Runtime,
            Model = new ModelContent(bytes[..model]),
            Digest = digest,
            Platform = footer.Platform,
            Metadata = footer.Metadata,
        };
    }

    /// <summary>What a prepared model says beside its bytes.</summary>
    internal sealed record Footer(string Runtime, string Platform, string Digest, IReadOnlyDictionary<string, string> Metadata);
}

/// <summary>JSON of the footer.</summary>
[JsonSerializable(typeof(KeptModel.Footer))]
internal sealed partial class FooterJson : JsonSerializerContext;
