using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Functions;

/// <summary>
/// Regular expressions of a document. They run in time linear in the text where they can; those that need to look back are bounded in time,
/// so that neither a document nor a row can hold a thread. Thread-safe.
/// </summary>
internal sealed class PatternSource(Expression pattern)
{
    private const int MaxKept = 1_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Regex> _known = new(StringComparer.Ordinal);

    /// <summary>The expression for the current row; null when the pattern is missing.</summary>
    /// <exception cref="EvaluationException">The pattern is none.</exception>
    public Regex? Get(Frame frame)
    {
        double code = pattern.Evaluate(frame);
        if (Cell.IsMissing(code))
        {
            return null;
        }

        string text = frame.Symbols.Text(code);
        if (_known.TryGetValue(text, out Regex? known))
        {
            return known;
        }

        Regex regex = Compile(text, RegexOptions.None);
        if (_known.Count < MaxKept)
        {
            _known.TryAdd(text, regex);
        }

        return regex;
    }

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="EvaluationException">It is none.</exception>
    public static Regex Compile(string text, RegexOptions options)
    {
        try
        {
            return new Regex(text, options | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MaxTime);
        }
        catch (NotSupportedException)
        {
            return Compile(() => new Regex(text, options | RegexOptions.CultureInvariant, MaxTime));
        }
        catch (ArgumentException)
        {
            return Compile(() => new Regex(text, options | RegexOptions.CultureInvariant, MaxTime));
        }
    }

    /// <summary>A replacement in the framework's notation: <c>\$</c> and <c>\\</c> are escapes, <c>$1</c> a group.</summary>
    /// <exception cref="EvaluationException">A <c>$</c> without a digit, or a lone <c>\</c>.</exception>
    public static string Replacement(string text)
    {
        StringBuilder result = new();
        for (int i = 0; i < text.Length; i++)
        {
            char next = i + 1 < text.Length ? text[i + 1] : '\0';
            switch (text[i])
            {
                case '\\' when next is '$':
                    result.Append("$$");
                    i++;
                    break;
                case '\\' when next is '\\':
                    result.Append('\\');
                    i++;
                    break;
                case '$' when char.IsAsciiDigit(next):
                    result.Append("${").Append(next).Append('}');
                    i++;
                    break;
                case '\\' or '$':
                    throw new EvaluationException("replace: the replacement has a '$' or '\\' that refers to nothing");
                default:
                    result.Append(text[i]);
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>Runs a match within the bound on time.</summary>
    public static T Guard<T>(Func<T> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException fault)
        {
            throw new EvaluationException("a regular expression takes too long for this text", fault);
        }
    }

    private static Regex Compile(Func<Regex> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException fault)
        {
            throw new EvaluationException("the pattern is no regular expression", fault);
        }
    }
}
