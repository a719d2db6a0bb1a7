using System.Text.RegularExpressions;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Functions;

namespace Slipway.Pmml.Transformations;

/// <summary>Turns text into words as a <c>TextIndex</c> says: normalisations by table, then case, then the cut at separators. Immutable.</summary>
internal sealed class TextTokenizer
{
    // What scikit-learn puts before its patterns, and what is so anyhow here.
    private const string UnicodeFlag = "(?u)";

    private readonly TextNormalization[] _normalizations;
    private readonly Regex _separator;
    private readonly Regex? _word;
    private readonly bool _isTokenized;

    /// <summary>Reads the attributes of a <c>TextIndex</c>; another element, which has none of them, stands for their defaults.</summary>
    public TextTokenizer(PmmlElement element)
    {
        IsCaseSensitive = element.Boolean("isCaseSensitive") ?? false;
        _isTokenized = element.Boolean("tokenize") ?? true;
        _separator = Compile(element, element.Attribute("wordSeparatorCharacterRE") ?? @"\s+", true);
        _word = (element.Attribute("wordRE") ?? element.Attribute("x-wordRE")) is { } word
            ? Compile(element, word.StartsWith(UnicodeFlag, StringComparison.Ordinal) ? word[UnicodeFlag.Length..] : word, true)
            : null;
        _normalizations = [.. element.ChildrenNamed("TextIndexNormalization").Select(child => TextNormalization.Read(child, element))];
    }

    /// <summary>Whether case matters.</summary>
    public bool IsCaseSensitive { get; }

    /// <summary>The words of a text, or of a term.</summary>
    public string[] Words(string text)
    {
        foreach (TextNormalization normalization in _normalizations)
        {
            text = normalization.Apply(text);
        }

        if (!IsCaseSensitive)
        {
            text = text.ToLowerInvariant();
        }

        if (!_isTokenized)
        {
            return [text];
        }

        // A pattern of words says itself what belongs to them.
        return _word is not null
            ? PatternSource.Guard(() => _word.Matches(text).Select(static match => match.Value).ToArray())
            : [.. PatternSource.Guard(() => _separator.Split(text)).Select(TrimPunctuation).Where(static word => word.Length > 0)];
    }

    /// <summary>Compiles a pattern of an element.</summary>
    public static Regex Compile(PmmlElement element, string pattern, bool isCaseSensitive)
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

    /// <summary>A word without the punctuation around it.</summary>
    public static string TrimPunctuation(string word)
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
}
