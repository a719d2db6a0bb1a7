using System.Globalization;
using System.Text;

namespace Slipway.Trust.Dsse;

/// <summary>A signed payload (Dead Simple Signing Envelope v1.0).</summary>
/// <param name="PayloadType">What the payload is.</param>
/// <param name="Payload">The bytes that were signed.</param>
/// <param name="Signature">The signature over the pre-authentication encoding of both.</param>
public sealed record DsseEnvelope(string PayloadType, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Type of a payload that is an in-toto statement.</summary>
    public const string InTotoPayload = "application/vnd.in-toto+json";

    /// <summary>What is signed: the pre-authentication encoding of type and payload (DSSE protocol, PAE).</summary>
    public static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} "));
        byte[] encoded = new byte[head.Length + payload.Length];
        head.CopyTo(encoded, 0);
        payload.CopyTo(encoded.AsSpan(head.Length));
        return encoded;
    }

    /// <summary>What this envelope's signature is over.</summary>
    public byte[] Encode() => Encode(PayloadType, Payload.Span);
}
