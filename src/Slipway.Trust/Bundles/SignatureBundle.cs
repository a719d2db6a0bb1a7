using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Core;
using Slipway.Trust.Dsse;

namespace Slipway.Trust.Bundles;

/// <summary>A detached signature of a model: a Sigstore bundle v0.3 that holds a DSSE envelope (OpenSSF Model Signing v1.0, section 4).</summary>
/// <param name="Material">How it is to be verified.</param>
/// <param name="Envelope">The signed statement.</param>
public sealed record SignatureBundle(VerificationMaterial Material, DsseEnvelope Envelope)
{
    /// <summary>Media type of the bundle.</summary>
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>Largest bundle that is read, in bytes.</summary>
    public const int MaxBytes = TrustLimits.MaxBundleBytes;

    /// <summary>Reads a bundle. Nothing in it is believed by that.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, naming the field at fault.</exception>
    public static SignatureBundle Parse(ReadOnlyMemory<byte> json) => BundleReader.Read(json);

    /// <summary>The bundle as it is kept, UTF-8 JSON. Only the methods <c>key</c> and <c>certificate</c> are written.</summary>
    public byte[] ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("mediaType", MediaType);
            writer.WriteStartObject("verificationMaterial");
            WriteMaterial(writer);
            writer.WriteStartArray("tlogEntries");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteStartObject("dsseEnvelope");
            writer.WriteBase64String("payload", Envelope.Payload.Span);
            writer.WriteString("payloadType", Envelope.PayloadType);
            writer.WriteStartArray("signatures");
            writer.WriteStartObject();
            writer.WriteBase64String("sig", Envelope.Signature.Span);
            writer.WriteString("keyid", "");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteMaterial(Utf8JsonWriter writer)
    {
        switch (Material)
        {
            case PublicKeyMaterial key:
                writer.WriteStartObject("publicKey");
                writer.WriteString("hint", key.Hint);
                writer.WriteEndObject();
                break;
            case CertificateChainMaterial chain:
                writer.WriteStartObject("x509CertificateChain");
                writer.WriteStartArray("certificates");
                foreach (byte[] certificate in chain.Certificates)
                {
                    writer.WriteStartObject();
                    writer.WriteBase64String("rawBytes", certificate);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            default:
                throw new SlipwayException(ErrorCode.NotSupported, $"bundles of the method '{Material.Method}' are verified here, not made");
        }
    }
}
