using System.Text;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Finds the signature that a body names before the rest of it is read.</summary>
internal static class SignatureNameReader
{
    /// <summary>The text of <c>signature_name</c>; empty when there is none, or it is none: whoever reads the body then says so.</summary>
    /// <exception cref="MalformedJsonException">Not JSON.</exception>
    public static string Find(ReadOnlySpan<byte> json)
    {
        JsonCursor cursor = new(json);
        if (!cursor.TryTake((byte)'{'))
        {
            return "";
        }

        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("signature_name"u8) && cursor.Peek() == '"')
            {
                return Encoding.UTF8.GetString(cursor.ReadString());
            }

            cursor.SkipValue();
        }

        return "";
    }
}
