using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Trust.Signing;

/// <summary>Writes the in-toto statement that a model's signature is over (OpenSSF Model Signing v1.0, section 6).</summary>
internal static class ManifestWriter
{
    /// <summary>Type of the statement.</summary>
    public const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>Type of the predicate.</summary>
    public const string PredicateType = "https://model_signing/signature/v1.0";

    /// <summary>SHA-256 over the digests of all resources, in their order.</summary>
    public static string RootDigest(IEnumerable<ManifestResource> resources)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ManifestResource resource in resources)
        {
            hash.AppendData(Convert.FromHexString(resource.Sha256));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The statement as UTF-8 JSON. The resources are in order already.</summary>
    public static byte[] Write(SignedManifest manifest)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("_type", StatementType);
            writer.WriteStartArray("subject");
            writer.WriteStartObject();
            writer.WriteString("name", manifest.ModelName);
            writer.WriteStartObject("digest");
            writer.WriteString("sha256", manifest.RootDigest);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteString("predicateType", PredicateType);
            writer.WriteStartObject("predicate");
            WriteSerialization(writer, manifest);
            writer.WriteStartArray("resources");
            foreach (ManifestResource resource in manifest.Resources)
            {
                writer.WriteStartObject();
                writer.WriteString("name", resource.Path);
                writer.WriteString("algorithm", "sha256");
                writer.WriteString("digest", resource.Sha256);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSerialization(Utf8JsonWriter writer, SignedManifest manifest)
    {
        writer.WriteStartObject("serialization");
        writer.WriteString("method", "files");
        writer.WriteString("hash_type", "sha256");
        writer.WriteBoolean("allow_symlinks", false);
        writer.WriteStartArray("ignore_paths");
        foreach (string path in manifest.IgnorePaths)
        {
            writer.WriteStringValue(path);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
