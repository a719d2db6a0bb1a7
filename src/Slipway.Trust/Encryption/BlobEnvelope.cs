using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// What is needed to read an encrypted blob, kept apart from it so that its key can be wrapped anew without touching the blob. Everything but the wrapping is bound to
/// the data key by a proof, so that no envelope can be put in another's place.
/// </summary>
/// <param name="Content">Digest of the content: what the blob is addressed by.</param>
/// <param name="Length">Size of the content.</param>
/// <param name="Blob">Digest of the encrypted bytes: what the store beneath keeps it by.</param>
/// <param name="KeyId">Key that the data key is wrapped with.</param>
/// <param name="WrappedKey">The wrapped data key.</param>
/// <param name="Proof">HMAC-SHA256 over content, length and blob under a key derived from the data key.</param>
public sealed record BlobEnvelope(Sha256Digest Content, long Length, Sha256Digest Blob, string KeyId, byte[] WrappedKey, byte[] Proof)
{
    /// <summary>The text that the proof is over.</summary>
    internal static string TextOf(Sha256Digest content, long length, Sha256Digest blob) =>
        string.Create(CultureInfo.InvariantCulture, $"slipway-envelope-1\n{content}\n{length}\n{blob}\n");

    /// <summary>Refuses an envelope that is not that of this data key and content.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>.</exception>
    internal void RequireProof(ReadOnlySpan<byte> dataKey, Sha256Digest content)
    {
        if (dataKey.Length != BlobFormat.KeyBytes || content != Content
            || !CryptographicOperations.FixedTimeEquals(BlobFormat.ProofOf(dataKey, TextOf(Content, Length, Blob)), Proof))
        {
            throw Damaged(content, null);
        }
    }

    /// <summary>The envelope as UTF-8 JSON.</summary>
    internal byte[] ToJson()
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("form", 1);
            writer.WriteString("content", Content.ToString());
            writer.WriteNumber("length", Length);
            writer.WriteString("blob", Blob.ToString());
            writer.WriteString("keyId", KeyId);
            writer.WriteBase64String("wrappedKey", WrappedKey);
            writer.WriteBase64String("proof", Proof);
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>: it is damaged.</exception>
    internal static BlobEnvelope FromJson(ReadOnlyMemory<byte> json, Sha256Digest content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            return root.GetProperty("form").GetInt32() == 1 && root.GetProperty("length").GetInt64() is >= 0 and var length
                ? new BlobEnvelope(
                    Sha256Digest.Parse(root.GetProperty("content").GetString()!), length, Sha256Digest.Parse(root.GetProperty("blob").GetString()!),
                    root.GetProperty("keyId").GetString()!, root.GetProperty("wrappedKey").GetBytesFromBase64(), root.GetProperty("proof").GetBytesFromBase64())
                : throw Damaged(content, null);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or SlipwayException { Code: ErrorCode.InvalidRequest })
        {
            throw Damaged(content, fault);
        }
    }

    internal static SlipwayException Damaged(Sha256Digest content, Exception? fault) =>
        new(ErrorCode.Internal, $"the key envelope of blob {content} has been altered, or is of a form that is not known here", fault);
}
