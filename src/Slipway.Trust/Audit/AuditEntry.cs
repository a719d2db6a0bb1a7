using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Core;
using Slipway.Trust.Merkle;

namespace Slipway.Trust.Audit;

/// <summary>
/// One line of the log: the hash of the entry as a leaf (RFC 6962) in hex, a space, the entry as one line of JSON. The entry holds its number and the hash of the
/// entry before it, so that entries can't be altered, left out, put in or moved without breaking the chain.
/// </summary>
/// <param name="Number">Number of the entry, from 1.</param>
/// <param name="Hash">Hash of the leaf.</param>
/// <param name="Previous">Hash of the entry before; zeros for the first.</param>
/// <param name="Json">The entry as it is kept.</param>
public sealed record AuditEntry(long Number, byte[] Hash, byte[] Previous, ReadOnlyMemory<byte> Json)
{
    /// <summary>Longest entry that is kept or read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Characters of a hash at the beginning of a line.</summary>
    internal const int HashLength = 64;

    private const int MaxText = 4096;
    private const int MaxDetails = 100;

    /// <summary>What the first entry follows.</summary>
    public static byte[] Beginning => new byte[32];

    /// <summary>The line, ended by a line feed.</summary>
    internal byte[] ToLine() => [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Hash)), (byte)' ', .. Json.Span, (byte)'\n'];

    /// <summary>Makes the entry of an event; texts are cut to 4,096 characters, details to 100.</summary>
    internal static AuditEntry Of(AuditEvent happened, long number, byte[] previous)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", number);
            writer.WriteString("time", happened.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
            writer.WriteString("actor", Cut(happened.Actor));
            writer.WriteString("action", Cut(happened.Action));
            writer.WriteString("kind", Cut(happened.Subject.Kind));
            writer.WriteString("subject", Cut(happened.Subject.Name));
            writer.WriteString("outcome", happened.Outcome switch { AuditOutcome.Done => "done", AuditOutcome.Denied => "denied", _ => "failed" });
            if (happened.Reason is { } reason)
            {
                writer.WriteString("reason", Cut(reason));
            }

            if (happened.RemoteAddress is { } remote)
            {
                writer.WriteString("remote", Cut(remote));
            }

            if (happened.Details.Count > 0)
            {
                writer.WriteStartObject("details");
                foreach ((string name, string value) in happened.Details.OrderBy(static detail => detail.Key, StringComparer.Ordinal).Take(MaxDetails))
                {
                    writer.WriteString(Cut(name), Cut(value));
                }

                writer.WriteEndObject();
            }

            writer.WriteString("previous", Convert.ToHexStringLower(previous));
            writer.WriteEndObject();
        }

        byte[] json = buffer.WrittenSpan.ToArray();
        return new AuditEntry(number, MerkleHash.Leaf(json), previous, json);
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
