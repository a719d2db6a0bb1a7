using System.Text;
using System.Text.RegularExpressions;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Functions;

namespace Slipway.Pmml.Transformations;

/// <summary>
/// Replacements by table before a text is cut into words (<c>TextIndexNormalization</c>): a row's entry is a regular expression, or words that stand in the text, perhaps a few
/// letters off. Immutable.
/// </summary>
internal sealed class TextNormalization
{
    private const int LongestText = 1 << 20;
    private const int MaxPasses = 100;
    private const long MaxComparisons = 1_000_000;

    private readonly Func<string, string>[] _rows;
    private readonly bool _isRecursive;

    private TextNormalization(Func<string, string>[] rows, bool isRecursive)
    {
        (_rows, _isRecursive) = (rows, isRecursive);
    }

    /// <summary>Reads the element.</summary>
    /// <param name="element">The normalisation.</param>
    /// <param name="around">The <c>TextIndex</c>, which says what the normalisation leaves out.</param>
    public static TextNormalization Read(PmmlElement element, PmmlElement around)
    {
        bool isCaseSensitive = element.Boolean("isCaseSensitive") ?? around.Boolean("isCaseSensitive") ?? false;
        bool isTokenized = element.Boolean("tokenize") ?? around.Boolean("tokenize") ?? true;
        int distance = element.Integer("maxLevenshteinDistance") ?? around.Integer("maxLevenshteinDistance") ?? 0;
        Regex separator = TextTokenizer.Compile(element, element.Attribute("wordSeparatorCharacterRE") ?? around.Attribute("wordSeparatorCharacterRE") ?? @"\s+", true);
        string from = InlineTable.Column(element.Attribute("inField") ?? "string");
        string to = InlineTable.Column(element.Attribute("outField") ?? "stem");
        string regex = InlineTable.Column(element.Attribute("regexField") ?? "regex");
        List<Func<string, string>> rows = [];
        foreach (Dictionary<string, string> row in InlineTable.Rows(element))
        {
            if (!row.TryGetValue(from, out string? pattern) || !row.TryGetValue(to, out string? with))
            {
                throw PmmlError.Invalid(element, $"has a row without '{from}' or '{to}'");
            }

            if (row.TryGetValue(regex, out string? flag) && flag.Trim() is "true" or "1")
            {
                rows.Add(ByPattern(TextTokenizer.Compile(element, pattern, isCaseSensitive), Replacement(element, with)));
            }
            else if (distance > 0 && isTokenized)
            {
                rows.Add(ByWords(pattern, with, separator, distance, isCaseSensitive));
            }
            else
            {
                string literal = Regex.Escape(pattern);
                rows.Add(ByPattern(TextTokenizer.Compile(element, isTokenized ? $@"\b{literal}\b" : literal, isCaseSensitive), with.Replace("$", "$$", StringComparison.Ordinal)));
            }
        }

        return new TextNormalization([.. rows], element.Boolean("recursive") ?? false);
    }

    /// <summary>The text with all replacements made; again and again until nothing changes where the element says so.</summary>
    /// <exception cref="EvaluationException">That does not end, or the text grows too long.</exception>
    public string Apply(string text)
    {
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            string before = text;
            foreach (Func<string, string> row in _rows)
            {
                text = row(text);
                if (text.Length > LongestText)
                {
                    throw new EvaluationException("TextIndex: the normalised text is longer than a million characters");
                }
            }

            if (!_isRecursive || text == before)
            {
                return text;
            }
        }

        throw new EvaluationException("TextIndex: a recursive normalisation does not come to an end");
    }

    private static Func<string, string> ByPattern(Regex pattern, string with) => text => PatternSource.Guard(() => pattern.Replace(text, with));

    // Words of the text that are, taken together, at most so many letters off those of the table.
    private static Func<string, string> ByWords(string sought, string with, Regex separator, int distance, bool isCaseSensitive)
    {
        string[] wanted = [.. Cut(Folded(sought), separator).Select(static word => word.Text)];
        return text =>
        {
            List<(int Start, string Text)> words = Cut(Folded(text), separator);
            if (wanted.Length == 0 || (long)words.Count * wanted.Length > MaxComparisons)
            {
                return wanted.Length == 0 ? text : throw new EvaluationException("TextIndex: the text is too long to be normalised");
            }

            StringBuilder result = new();
            int copied = 0;
            for (int at = 0; at + wanted.Length <= words.Count;)
            {
                int off = 0;
                for (int i = 0; i < wanted.Length && off <= distance; i++)
                {
                    off += EditDistance.Of(words[at + i].Text, wanted[i], distance);
                }

                if (off > distance)
                {
                    at++;
                    continue;
                }

                (int start, string last) = (words[at].Start, words[at + wanted.Length - 1].Text);
                result.Append(text, copied, start - copied).Append(with);
                copied = words[at + wanted.Length - 1].Start + last.Length;
                at += wanted.Length;
            }

            return result.Append(text, copied, text.Length - copied).ToString();
        };

        // Letter by letter, so that places stay the same.
        string Folded(string text) => isCaseSensitive ? text : string.Create(text.Length, text, static (letters, source) =>
        {
            for (int i = 0; i < letters.Length; i++)
            {
                letters[i] = char.ToLowerInvariant(source[i]);
            }
        });
    }

    private static List<(int Start, string Text)> Cut(string text, Regex separator)
    {
        List<(int, string)> words = [];
        int start = 0;
        foreach ((int index, int length) in PatternSource.Guard(() => separator.Matches(text).Select(static match => (match.Index, match.Length)).Append((text.Length, 0)).ToArray()))
        {
            string word = TextTokenizer.TrimPunctuation(text[start..index]);
            if (word.Length > 0)
            {
                words.Add((text.IndexOf(word, start, StringComparison.Ordinal), word));
            }

            start = index + length;
        }

        return words;
    }

    private static string Replacement(PmmlElement element, string text)
    {
        try
        {
            return PatternSource.Replacement(text);
        }
        catch (EvaluationException)
        {
            throw PmmlError.Invalid(element, $"has the replacement '{text}', which refers to nothing");
        }
    }
}
