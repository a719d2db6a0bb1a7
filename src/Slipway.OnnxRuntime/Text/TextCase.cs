using System.Globalization;
using System.Text;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Lower and upper case: of ASCII alone, byte by byte, or of all of Unicode.</summary>
internal static class TextCase
{
    // Full mappings that are longer than one character, of letters that have no single one.
    private const char DottedCapitalI = '\u0130';
    private const char CapitalSigma = '\u03A3';
    private const char FinalSigma = '\u03C2';

    /// <summary>Appends a string in the other case.</summary>
    public static void Change(TextTensor text, int index, TextBuilder target, bool upper, bool unicode)
    {
        if (unicode)
        {
            target.Append(upper ? Upper(text.Characters(index)) : Lower(text.Characters(index)));
            return;
        }

        ReadOnlySpan<byte> source = text[index];
        byte[] changed = new byte[source.Length];
        for (int i = 0; i < changed.Length; i++)
        {
            byte letter = source[i];
            bool changes = upper ? letter is >= (byte)'a' and <= (byte)'z' : letter is >= (byte)'A' and <= (byte)'Z';
            changed[i] = changes ? (byte)(letter ^ 0x20) : letter;
        }

        target.Append(changed);
    }

    // Unicode's SpecialCasing: a capital sigma at the end of a word is the other small one, and a dotted capital I keeps its dot.
    private static string Lower(string text)
    {
        if (text.AsSpan().IndexOfAny(CapitalSigma, DottedCapitalI) < 0)
        {
            return text.ToLowerInvariant();
        }

        StringBuilder lower = new();
        for (int i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                DottedCapitalI => lower.Append("i\u0307"),
                CapitalSigma when i > 0 && char.IsLetter(text[i - 1]) && (i + 1 == text.Length || !char.IsLetter(text[i + 1])) => lower.Append(FinalSigma),
                _ => lower.Append(char.ToLowerInvariant(text[i])),
            };
        }

        return lower.ToString();
    }

    // Of the letters that become several, the ones that are in use.
    private static string Upper(string text) => text.Contains('\u00DF', StringComparison.Ordinal)
        ? text.Replace("\u00DF", "SS", StringComparison.Ordinal).ToUpperInvariant()
        : text.ToUpper(CultureInfo.InvariantCulture);
}
