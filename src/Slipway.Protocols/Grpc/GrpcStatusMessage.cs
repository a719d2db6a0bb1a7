using System.Buffers;
using System.Text;

namespace Slipway.Protocols.Grpc;

/// <summary>The text of <c>grpc-message</c>: UTF-8, percent-encoded where a header could not carry it.</summary>
internal static class GrpcStatusMessage
{
    /// <summary>Longest message sent, in characters before encoding; the rest is cut off. TensorFlow Serving cuts at the same length.</summary>
    public const int MaxLength = 1024;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Encodes a message; lone surrogates become U+FFFD.</summary>
    public static string Encode(string message)
    {
        ReadOnlySpan<char> text = message.AsSpan(0, Math.Min(message.Length, MaxLength));
        if (text.Length < message.Length && char.IsHighSurrogate(text[^1]))
        {
            text = text[..^1];
        }

        if (!text.ContainsAnyExcept(Plain))
        {
            return text.Length == message.Length ? message : text.ToString();
        }

        StringBuilder encoded = new(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && Plain.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (byte value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                encoded.Append('%').Append(Convert.ToHexString([value]));
            }
        }

        return encoded.ToString();
    }
}
