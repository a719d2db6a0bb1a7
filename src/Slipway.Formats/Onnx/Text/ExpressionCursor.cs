using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Formats.Onnx.Text;

/// <summary>A place in the text of a regular expression.</summary>
internal sealed class ExpressionCursor(string source)
{
    /// <summary>Index of the character that is next.</summary>
    public int At { get; set; }

    /// <summary>Whether everything is read.</summary>
    public bool IsAtEnd => At >= source.Length;

    /// <summary>Matches what is next, which is not taken; <paramref name="pattern"/> begins with <c>\A</c>.</summary>
    /// <param name="pattern">What may be next.</param>
    /// <param name="reach">Characters that are looked at, at most.</param>
    public Match Match(string pattern, int reach = int.MaxValue) =>
        Regex.Match(source.Substring(At, Math.Min(source.Length - At, reach)), pattern, RegexOptions.CultureInvariant);

    /// <summary>Takes everything up to a text, and the text; up to the end when it is not there.</summary>
    /// <param name="end">The text.</param>
    /// <param name="take">Takes one character.</param>
    public void TakeUntil(string end, Action take)
    {
        int found = source.IndexOf(end, At, StringComparison.Ordinal);
        int stop = found < 0 ? source.Length : found;
        while (At < stop)
        {
            take();
        }

        At = found < 0 ? stop : found + end.Length;
    }

    /// <summary>Whether a text is next.</summary>
    public bool Sees(string text) => source.AsSpan(At).StartsWith(text, StringComparison.Ordinal);

    /// <summary>Takes the character that is next, as a code point.</summary>
    public int Rune()
    {
        if (!System.Text.Rune.TryGetRuneAt(source, At, out Rune rune))
        {
            throw NotSupported("is not well-formed text");
        }

        At += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>Takes a character; false when another is next.</summary>
    public bool Skip(char expected)
    {
        bool found = At < source.Length && source[At] == expected;
        At += found ? 1 : 0;
        return found;
    }

    /// <summary>The character that is next.</summary>
    /// <param name="otherwise">What is wrong with the expression when it ends here.</param>
    public char Current(string otherwise) => At < source.Length ? source[At] : throw NotSupported(otherwise);

    /// <summary>The failure that something can't be written in .NET's notation.</summary>
    public SlipwayException NotSupported(string why, Exception? fault = null) =>
        new(ErrorCode.NotSupported, $"the regular expression '{(source.Length > 200 ? source[..200] + "…" : source)}' {why}", fault!);
}
