namespace Slipway.Protocols.Json;

/// <summary>The form <c>{"b64": "…"}</c> of a byte string.</summary>
internal static class Base64Object
{
    /// <summary>Whether the object at the cursor, which stays, has the one key <c>b64</c> with a string.</summary>
    public static bool IsNext(JsonCursor cursor)
    {
        bool first = true;
        if (!cursor.TryTake((byte)'{') || !cursor.NextProperty(ref first, out ReadOnlySpan<byte> key) || !key.SequenceEqual("b64"u8) || cursor.Peek() != '"')
        {
            return false;
        }

        cursor.ReadRawString(out _);
        return cursor.Peek() == '}';
    }
}
