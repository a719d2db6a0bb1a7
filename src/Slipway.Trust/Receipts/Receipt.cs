using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Core;
using Slipway.Trust.Dsse;
using Slipway.Trust.Json;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Receipts;

/// <summary>A server's signed word on one answer: which bytes of a model answered what with what, and when.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Number of the version.</param>
/// <param name="ModelDigest">SHA-256 of the version's files, hex.</param>
/// <param name="InputDigest">Digest of the inputs, see <see cref="TensorDigest"/>.</param>
/// <param name="OutputDigest">Digest of the outputs.</param>
/// <param name="Time">When the answer was ready.</param>
public sealed record Receipt(string Model, long Version, string ModelDigest, string InputDigest, string OutputDigest, DateTimeOffset Time)
{
    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "urn:slipway:receipt:v1";

    /// <summary>The request's own id; empty when it had none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The receipt of an answer.</summary>
    public static Receipt Of(InferenceRequest request, InferenceResponse response, DateTimeOffset time) => new(
        response.Servable.ModelName, response.Servable.Version, response.Servable.Digest, TensorDigest.Of(request.Inputs), TensorDigest.Of(response.Outputs), time)
    {
        RequestId = request.Id,
    };

    /// <summary>Signs: an in-toto statement in a DSSE envelope, as JSON on one line.</summary>
    public byte[] Sign(SigningKey key)
    {
        byte[] payload = Write(WriteStatement);
        byte[] signature = key.Sign(DsseEnvelope.Encode(DsseEnvelope.InTotoPayload, payload));
        return Write(writer =>
        {
            writer.WriteString("payloadType", DsseEnvelope.InTotoPayload);
            writer.WriteBase64String("payload", payload);
            writer.WriteStartArray("signatures");
            writer.WriteStartObject();
            writer.WriteString("keyid", key.PublicKey.Fingerprint);
            writer.WriteBase64String("sig", signature);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    /// <summary>Reads a receipt that one of the keys has signed.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is none, or its signature does not hold.</exception>
    public static Receipt Open(ReadOnlyMemory<byte> json, IReadOnlyList<VerificationKey> keys)
    {
        JsonField envelope = JsonField.Parse(json, "the receipt");
        envelope.Require("payloadType").Expect(DsseEnvelope.InTotoPayload);
        byte[] payload = envelope.Require("payload").AsBytes();
        byte[] signed = DsseEnvelope.Encode(DsseEnvelope.InTotoPayload, payload);
        byte[][] signatures = [.. envelope.Require("signatures").AsList(4).Select(static signature => signature.Require("sig").AsBytes())];
        if (!keys.Any(key => signatures.Any(signature => key.Verify(signed, signature))))
        {
            throw envelope.Wrong("is not signed by a key that was given, or has been altered");
        }

        JsonField statement = JsonField.Parse(payload, "the receipt");
        statement.Require("_type").Expect(StatementType);
        statement.Require("predicateType").Expect(PredicateType);
        JsonField predicate = statement.Require("predicate");
        JsonField time = predicate.Require("time");
        return new Receipt(
            predicate.Require("model").AsText(), predicate.Require("version").AsCount(), predicate.Require("modelDigest").AsText(),
            predicate.Require("inputDigest").AsText(), predicate.Require("outputDigest").AsText(),
            DateTimeOffset.TryParse(time.AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : throw time.Wrong("is no time"))
        {
            RequestId = predicate.Find("requestId")?.AsText() ?? "",
        };
    }

    private void WriteStatement(Utf8JsonWriter writer)
    {
        writer.WriteString("_type", StatementType);
        writer.WriteStartArray("subject");
        writer.WriteStartObject();
        writer.WriteString("name", string.Create(CultureInfo.InvariantCulture, $"{Model}:{Version}"));
        writer.WriteStartObject("digest");
        writer.WriteString("sha256", ModelDigest);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("predicateType", PredicateType);
        writer.WriteStartObject("predicate");
        writer.WriteString("model", Model);
        writer.WriteNumber("version", Version);
        writer.WriteString("modelDigest", ModelDigest);
        writer.WriteString("inputDigest", InputDigest);
        writer.WriteString("outputDigest", OutputDigest);
        writer.WriteString("time", Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        if (RequestId.Length > 0)
        {
            writer.WriteString("requestId", RequestId);
        }

        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default }))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
