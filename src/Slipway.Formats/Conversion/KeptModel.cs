using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;

namespace Slipway.Formats.Conversion;

/// <summary>
/// A converted model as it lies on disk: the ONNX file of each of its signatures, a footer in JSON, the footer's length (32 bits, little-endian), and the SHA-256 of all
/// that. One file, so that it is whole or not there, and one that says of itself whether it is whole.
/// </summary>
internal static class KeptModel
{
    private const int LengthBytes = sizeof(int);
    private const int TailBytes = LengthBytes + SHA256.HashSizeInBytes;
    private const int MaxFooterBytes = 16 << 20;

    /// <summary>Whether the model is one that can be kept: in memory, and all of it.</summary>
    public static bool CanKeep(PreparedModel model) => model.Model.File is null && model.ExternalData.Count == 0 && model.Signatures.Values.All(CanKeep);

    /// <summary>Bytes of the model, with all its signatures.</summary>
    public static long LengthOf(PreparedModel model) => model.Model.Length + model.Signatures.Values.Sum(static other => other.Model.Length);

    /// <summary>Writes a model.</summary>
    public static void Write(Stream target, PreparedModel model)
    {
        PreparedModel[] others = [.. model.Signatures.Values];
        Footer description = new(model.Runtime, model.Platform, model.Digest, [Describe(model), .. others.Select(Describe)]);
        byte[] footer = JsonSerializer.SerializeToUtf8Bytes(description, FooterJson.Default.Footer);
        byte[] length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> part in (ReadOnlyMemory<byte>[])[model.Model.Bytes, .. others.Select(static other => other.Model.Bytes), footer, length])
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

        int models = bytes.Length - TailBytes - length;
        Footer? footer = JsonSerializer.Deserialize(bytes.Span.Slice(models, length), FooterJson.Default.Footer);
        bool fits = footer is { Signatures.Count: > 0 } && footer.Signatures.All(static part => part.Length >= 0) && footer.Signatures.Sum(static part => (long)part.Length) == models;
        if (!fits || footer!.Digest != digest)
        {
            return null;
        }

        Dictionary<string, PreparedModel> others = new(StringComparer.Ordinal);
        int position = footer.Signatures[0].Length;
        foreach (Part part in footer.Signatures.Skip(1))
        {
            others[part.Name] = Model(footer, part, bytes.Slice(position, part.Length), []);
            position += part.Length;
        }

        return Model(footer, footer.Signatures[0], bytes[..footer.Signatures[0].Length], others);
    }

    private static Part Describe(PreparedModel model) => new(model.SignatureName, (int)model.Model.Length, model.Metadata);

    private static PreparedModel Model(Footer footer, Part part, ReadOnlyMemory<byte> bytes, Dictionary<string, PreparedModel> others) => new()
    {
        Runtime = footer.Runtime,
        Model = new ModelContent(bytes),
        Digest = footer.Digest,
        Platform = footer.Platform,
        SignatureName = part.Name,
        Metadata = part.Metadata,
        Signatures = others,
    };

    /// <summary>What a prepared model says beside its bytes.</summary>
    internal sealed record Footer(string Runtime, string Platform, string Digest, IReadOnlyList<Part> Signatures);

    /// <summary>One signature: its name, the length of its ONNX file, and its metadata.</summary>
    internal sealed record Part(string Name, int Length, IReadOnlyDictionary<string, string> Metadata);
}

/// <summary>JSON of the footer.</summary>
[JsonSerializable(typeof(KeptModel.Footer))]
internal sealed partial class FooterJson : JsonSerializerContext;
