using System.Globalization;
using System.Text;

namespace Slipway.Sklearn.Pickle;

/// <summary>The text forms of protocol 0.</summary>
internal static class PickleText
{
    /// <summary>Python's raw-unicode-escape: Latin-1 with <c>\uXXXX</c> and <c>\UXXXXXXXX</c>.</summary>
    public static string FromRawUnicodeEscape(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        StringBuilder result = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int digits = text[i] != '\\' || i + 1 >= text.Length ? 0 : text[i + 1] switch { 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0 && i + 2 + digits <= text.Length
                && int.TryParse(text.AsSpan(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) && code is >= 0 and <= 0x10ffff)
            {
                result.Append(code is >= 0xd800 and <= 0xdfff ? "\ufffd" : char.ConvertFromUtf32(code));
                i += 1 + digits;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>A Python 2 string literal in single or double quotes, with its escapes; null when it is none.</summary>
    public static string? FromQuoted(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes).TrimEnd('\r', ' ');
        if (text.Length < 2 || text[0] is not ('\'' or '"') || text[^1] != text[0])
        {
            return null;
        }

        StringBuilder result = new(text.Length);
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length - 1)
            {
                result.Append(text[i]);
                continue;
            }

            char escape = text[++i];
            if (escape == 'x' && i + 2 < text.Length - 1
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code))
            {
                result.Append((char)code);
                i += 2;
                continue;
            }

            result.Append(escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', _ => escape });
        }

        return result.ToString();
    }
}
