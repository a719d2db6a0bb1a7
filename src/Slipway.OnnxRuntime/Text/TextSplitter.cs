using System.Text;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Cuts strings into parts.</summary>
/// <param name="mode">
/// fields: at each separator, or at runs of white space where it is empty, as Python's split; any: at each byte of the separator, empty parts kept; anyfull: the same, empty parts
/// dropped; characters: into characters.
/// </param>
/// <param name="separator">Where to cut.</param>
/// <param name="most">Most cuts; negative: all.</param>
internal sealed class TextSplitter(string mode, string separator, long most)
{
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(separator);

    /// <summary>Appends the parts of a string.</summary>
    public void Split(ReadOnlySpan<byte> text, TextBuilder parts)
    {
        switch (mode)
        {
            case "characters":
                Characters(text, parts);
                break;
            case "any" or "anyfull" when _separator.Length == 0:
                Bytes(text, parts);
                break;
            case "any" or "anyfull":
                AtAny(text, parts, skipsEmpty: mode == "anyfull");
                break;
            default:
                if (most == 0)
                {
                    parts.Add(text);
                }
                else if (_separator.Length == 0)
                {
                    AtSpaces(text, parts);
                }
                else
                {
                    AtSeparator(text, parts);
                }

                break;
        }
    }

    private static void Characters(ReadOnlySpan<byte> text, TextBuilder parts)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = TextParts.CharacterLength(text, at);
            parts.Add(text.Slice(at, length));
            at += length;
        }
    }

    private static void Bytes(ReadOnlySpan<byte> text, TextBuilder parts)
    {
        for (int at = 0; at < text.Length; at++)
        {
            parts.Add(text.Slice(at, 1));
        }
    }

    private void AtAny(ReadOnlySpan<byte> text, TextBuilder parts, bool skipsEmpty)
    {
        while (true)
        {
            int end = text.IndexOfAny(_separator);
            ReadOnlySpan<byte> part = end < 0 ? text : text[..end];
            if (!skipsEmpty || part.Length > 0)
            {
                parts.Add(part);
            }

            if (end < 0)
            {
                return;
            }

            text = text[(end + 1)..];
        }
    }

    private void AtSeparator(ReadOnlySpan<byte> text, TextBuilder parts)
    {
        for (long cuts = 0; most < 0 || cuts < most; cuts++)
        {
            int end = text.IndexOf(_separator);
            if (end < 0)
            {
                break;
            }

            parts.Add(text[..end]);
            text = text[(end + _separator.Length)..];
        }

        parts.Add(text);
    }

    private void AtSpaces(ReadOnlySpan<byte> text, TextBuilder parts)
    {
        text = WithoutSpaces(text);
        for (long cuts = 0; text.Length > 0; cuts++)
        {
            // What is left after the last cut is one part, white space and all.
            if (cuts == most)
            {
                parts.Add(text);
                return;
            }

            int end = 0;
            while (end < text.Length && !TextParts.IsSpace(text[end]))
            {
                end++;
            }

            parts.Add(text[..end]);
            text = WithoutSpaces(text[end..]);
        }
    }

    private static ReadOnlySpan<byte> WithoutSpaces(ReadOnlySpan<byte> text)
    {
        int first = 0;
        while (first < text.Length && TextParts.IsSpace(text[first]))
        {
            first++;
        }

        return text[first..];
    }
}
