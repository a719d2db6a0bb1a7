using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Passes over values that nobody reads, checking that they are JSON.</summary>
internal static class JsonSkip
{
    /// <summary>Passes over the next value, whatever it is. Bare <c>NaN</c> and infinities count as numbers, as they do in the protocols.</summary>
    public static void SkipValue(this ref JsonCursor cursor)
    {
        // One bit a level says whether it is an object; the loop replaces recursion, which a stranger's depth would steer.
        ulong objects = 0;
        int depth = 0;
        while (true)
        {
            bool opened = false;
            switch (cursor.Peek())
            {
                case (byte)'{' or (byte)'[':
                    if (depth == JsonCursor.MaxDepth)
                    {
                        cursor.Fail($"nested deeper than {JsonCursor.MaxDepth} levels");
                    }

                    objects = (objects << 1) | (cursor.Peek() == '{' ? 1UL : 0);
                    cursor.Position++;
                    depth++;
                    opened = true;
                    break;
                case (byte)'"':
                    if (cursor.ReadRawString(out bool escaped) is { } raw && escaped)
                    {
                        JsonText.Unescape(raw, cursor.Position - raw.Length - 1);
                    }

                    break;
                default:
                    SkipScalar(ref cursor);
                    break;
            }

            // Behind a value, or at the start of a container: to the next value, closing what ends here.
            while (depth > 0)
            {
                bool isObject = (objects & 1) != 0;
                bool more = isObject ? cursor.NextProperty(ref opened, out _) : cursor.NextElement(ref opened);
                if (more)
                {
                    break;
                }

                opened = false;
                objects >>= 1;
                depth--;
            }

            if (depth == 0)
            {
                return;
            }
        }
    }

    private static void SkipScalar(ref JsonCursor cursor)
    {
        if (cursor.TryTakeWord("true"u8) || cursor.TryTakeWord("false"u8) || cursor.TryTakeWord("null"u8))
        {
            return;
        }

        int position = cursor.Position;
        if (!JsonNumber.TryReadDouble(cursor.Text, ref position, out _) && !NonFinite.TryRead(cursor.Text, ref position, out _))
        {
            cursor.Fail("expected a value");
        }

        cursor.Position = position;
    }
}
