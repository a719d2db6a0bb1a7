using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Trust.Dsse;
using Slipway.Trust.Json;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Audit;

/// <summary>A signed word on how long the log was and what its tree's root was at that length.</summary>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Root of the Merkle tree over them (RFC 6962).</param>
/// <param name="Time">When it was signed.</param>
public sealed record AuditCheckpoint(long Size, byte[] Root, DateTimeOffset Time)
{
    private const string PayloadType = "application/vnd.slipway.audit-checkpoint+json";

    /// <summary>Signs the checkpoint: a DSSE envelope as one line of JSON, without line feed.</summary>
    internal byte[] Sign(SigningKey key)
    {
        byte[] payload = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""{"size":{{Size}},"root":"{{Convert.ToHexStringLower(Root)}}","time":"{{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}}"}"""));
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("payloadType", PayloadType);
            writer.WriteBase64String("payload", payload);
            writer.WriteStartArray("signatures");
            writer.WriteStartObject();
            writer.WriteString("keyid", key.PublicKey.Fingerprint);
            writer.WriteBase64String("sig", key.Sign(DsseEnvelope.Encode(PayloadType, payload)));
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a line that one of the keys has signed.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is no checkpoint, or not signed by any of them.</exception>
    internal static AuditCheckpoint Open(ReadOnlyMemory<byte> line, IReadOnlyList<VerificationKey> keys)
    {
        JsonField envelope = JsonField.Parse(line, "the checkpoint");
        envelope.Require("payloadType").Expect(PayloadType);
        byte[] payload = envelope.Require("payload").AsBytes();
        byte[] signed = DsseEnvelope.Encode(PayloadType, payload);
        byte[][] signatures = [.. envelope.Require("signatures").AsList(4).Select(static signature => signature.Require("sig").AsBytes())];
        if (!keys.Any(key => signatures.Any(signature => key.Verify(signed, signature))))
        {
            throw envelope.Wrong("is not signed by the key of the log");
        }

        JsonField body = JsonField.Parse(payload, "the checkpoint");
        JsonField time = body.Require("time");
        return new AuditCheckpoint(
            body.Require("size").AsCount(),
            ReadRoot(body.Require("root")),
            DateTimeOffset.TryParse(time.AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : throw time.Wrong("is no time"));
    }

    private static byte[] ReadRoot(JsonField root)
    {
        string hex = root.AsText();
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : throw root.Wrong("is no hash");
    }
}
