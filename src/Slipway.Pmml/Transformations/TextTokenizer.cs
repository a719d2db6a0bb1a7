using System.Text.RegularExpressions;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Functions;

namespace Slipway.Pmml.Transformations;

/// <summary>Turns text into words as a <c>TextIndex</c> says: normalisations by table, then case, then the cut at separators. Immutable.</summary>
internal sealed class TextTokenizer
{
    private const int LongestText = 1 << 20;
    private const int MaxPasses = 100;

    private readonly Normalization[] _normalizations;
    private readonly Regex _separator;
    private readonly bool _isTokenized;

    public TextTokenizer(PmmlElement element)
    {
        IsCaseSensitive = element.Boolean("isCaseSensitive") ?? false;
        _isTokenized = element.Boolean("tokenize") ?? true;
        _separator = Compile(element, element.Attribute("wordSeparatorCharacterRE") ?? @"\s+", true);
        _normalizations = [.. element.ChildrenNamed("TextIndexNormalization").Select(child => Normalization.Read(child, IsCaseSensitive))];
    }

    /// <summary>Whether case matters.</summary>
    public bool IsCaseSensitive { get; }

    /// <summary>The words of a text, or of a term.</summary>
    public string[] Words(string text)
    {
        foreach (Normalization normalization in _normalizations)
        {
            text = normalization.Apply(text);
        }

        if (!IsCaseSensitive)
        {
            text = text.ToLowerInvariant();
        }

        return _isTokenized
            ? [.. PatternSource.Guard(() => _separator.Split(text)).Select(TrimPunctuation).Where(static word => word.Length > 0)]
            : [text];
    }

    private static string TrimPunctuation(string word)
    {
        int start = 0;
        int end = word.Length;
        while (start < end && char.IsPunctuation(word[start]) && word[start] != '_')
        {
            start++;
        }

        while (end > start && char.IsPunctuation(word[end - 1]) && word[end - 1] != '_')
        {
            end--;
        }

        return word[start..end];
    }

    private static Regex Compile(PmmlElement element, string pattern, bool isCaseSensitive)
    {
        try
        {
            return PatternSource.Compile(pattern, isCaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);
        }
        catch (EvaluationException)
        {
            throw PmmlError.Invalid(element, $"has '{pattern}', which is no regular expression");
        }
    }

    private sealed record Normalization((Regex Pattern, string With)[] Rows, bool IsRecursive)
    {
        public static Normalization Read(PmmlElement element, bool isCaseSensitive)
        {
            isCaseSensitive = element.Boolean("isCaseSensitive") ?? isCaseSensitive;
            string from = InlineTable.Column(element.Attribute("inField") ?? "string");
            string to = InlineTable.Column(element.Attribute("outField") ?? "stem");
            string regex = InlineTable.Column(element.Attribute("regexField") ?? "regex");
            List<(Regex, string)> rows = [];
            foreach (Dictionary<string, string> row in InlineTable.Rows(element))
            {
                if (!row.TryGetValue(from, out string? pattern) || !row.TryGetValue(to, out string? with))
                {
                    throw PmmlError.Invalid(element, $"has a row without '{from}' or '{to}'");
                }

                bool isPattern = row.TryGetValue(regex, out string? flag) && flag.Trim() is "true" or "1";
                string replacement = isPattern ? Replacement(element, with) : with.Replace("$", "$$", StringComparison.Ordinal);
                rows.Add((Compile(element, isPattern ? pattern : $@"\b{Regex.Escape(pattern)}\b", isCaseSensitive), replacement));
            }

            return new Normalization([.. rows], element.Boolean("recursive") ?? false);
        }

        public string Apply(string text)
        {
            for (int pass = 0; pass < MaxPasses; pass++)
            {
                string before = text;
                foreach ((Regex pattern, string with) in Rows)
                {
                    string current = text;
                    text = PatternSource.Guard(() => pattern.Replace(current, with));
                    if (text.Length > LongestText)
                    {
                        throw new EvaluationException("TextIndex: the normalised text is longer than a million characters");
                    }
                }

                if (!IsRecursive || text == before)
                {
                    return text;
                }
            }

            throw new EvaluationException("TextIndex: a recursive normalisation does not come to an end");
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
}
