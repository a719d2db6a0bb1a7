using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.OnnxRuntime.Text;

/// <summary>A regular expression and what matches become. Time grows with the length of the text and not faster, whatever the expression is.</summary>
internal sealed class TextPattern(string pattern, string replacement, bool isGlobal)
{
    private readonly Regex _pattern = Compile(pattern);

    /// <summary>An expression for the engine that never goes back.</summary>
    /// <exception cref="TextFault">It can't be read, or needs to go back.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new TextFault($"the pattern '{pattern}' can't be used: {fault.Message}");
        }
    }

    /// <summary>The text with all matches, or the first one, replaced.</summary>
    public string Replace(string text)
    {
        StringBuilder result = new();
        int done = 0;
        int last = -1;
        foreach (Match match in (IEnumerable<Match>)_pattern.Matches(text))
        {
            // RE2 takes no empty match right behind another one, nor within a character.
            bool isWithin = match.Index > 0 && match.Index < text.Length && char.IsSurrogatePair(text[match.Index - 1], text[match.Index]);
            if (match.Length == 0 && (match.Index == last || isWithin))
            {
                continue;
            }

            result.Append(text, done, match.Index - done);
            Rewrite(match, result);
            done = last = match.Index + match.Length;
            if (!isGlobal)
            {
                break;
            }
        }

        return last < 0 ? text : result.Append(text, done, text.Length - done).ToString();
    }

    // \0 is the whole match, \1 to \9 its groups, \\ a backslash.
    private void Rewrite(Match match, StringBuilder result)
    {
        for (int i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '\\' || i + 1 == replacement.Length)
            {
                result.Append(replacement[i]);
                continue;
            }

            char next = replacement[++i];
            _ = char.IsAsciiDigit(next) ? result.Append(match.Groups[next - '0'].Value) : result.Append(next);
        }
    }
}
