using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Text;

/// <summary>What a text vectorizer counts.</summary>
internal enum TextUnit
{
    /// <summary>Words, as the token pattern finds them.</summary>
    Word,

    /// <summary>Characters of the whole text, runs of white space being one blank.</summary>
    Character,

    /// <summary>Characters of each word with a blank before and behind it.</summary>
    CharacterInWord,
}

/// <summary>The options of a text vectorizer, checked: what the engine's operators can't do exactly is refused by name.</summary>
internal sealed record TextAnalysis
{
    /// <summary>What is counted.</summary>
    public required TextUnit Unit { get; init; }

    /// <summary>Whether text is lower-cased first.</summary>
    public required bool IsLowercased { get; init; }

    /// <summary>Fewest units that are counted together.</summary>
    public required int MinGram { get; init; }

    /// <summary>Most units that are counted together.</summary>
    public required int MaxGram { get; init; }

    /// <summary>The engine's expression for a word; empty for characters. It may find more than the pattern does where that is in no vocabulary.</summary>
    public required string Token { get; init; }

    /// <summary>Words that are taken out before anything is counted.</summary>
    public required IReadOnlySet<string> StopWords { get; init; }

    /// <summary>Reads the options of a CountVectorizer or one of its kind.</summary>
    public static TextAnalysis Of(Estimator vectorizer)
    {
        foreach (string option in new[] { "preprocessor", "tokenizer", "strip_accents" })
        {
            if (vectorizer.Has(option))
            {
                throw vectorizer.NotSupported($"the option {option}");
            }
        }

        if (vectorizer.Has("input") && vectorizer.Text("input") != "content")
        {
            throw vectorizer.NotSupported("reading files (the option input)");
        }

        TextUnit unit = vectorizer.Has("analyzer") ? vectorizer.Text("analyzer") switch
        {
            "word" => TextUnit.Word,
            "char" => TextUnit.Character,
            "char_wb" => TextUnit.CharacterInWord,
            _ => throw vectorizer.NotSupported("an analyzer of your own"),
        }
        : TextUnit.Word;
        object?[] range = vectorizer.Has("ngram_range") ? vectorizer.Objects("ngram_range") : [1L, 1L];
        if (range.Length != 2 || !PickleNumbers.TryToInt64(range[0], out long least) || !PickleNumbers.TryToInt64(range[1], out long most) || least < 1 || most < least || most > 32)
        {
            throw vectorizer.NotSupported("this ngram_range");
        }

        return new TextAnalysis
        {
            Unit = unit,
            IsLowercased = vectorizer.Flag("lowercase", true),
            MinGram = (int)least,
            MaxGram = (int)most,
            Token = unit == TextUnit.Word ? TokenOf(vectorizer, most > 1) : "",
            StopWords = unit == TextUnit.Word ? StopWordsOf(vectorizer) : new HashSet<string>(),
        };
    }

    private static string TokenOf(Estimator vectorizer, bool joins)
    {
        string pattern = vectorizer.Text("token_pattern") ?? @"(?u)\b\w\w+\b";
        string? expression = TokenPattern.Translate(pattern, out bool matchesSpace);
        if (expression is not null && !(joins && matchesSpace))
        {
            return expression;
        }

        // Joined words would have to be those that are left; a vocabulary that was given may hold words that are no tokens.
        return WordRunPattern.Matches(pattern) && !joins && !vectorizer.Has("vocabulary") && vectorizer.Has("vocabulary_")
            ? TokenPattern.WordClass + "+"
            : throw vectorizer.NotSupported($"the token_pattern '{pattern}'");
    }

    private static HashSet<string> StopWordsOf(Estimator vectorizer)
    {
        object? words = vectorizer.Raw("stop_words");
        return words switch
        {
            null => [],
            "english" => [.. EnglishStopWords.All],
            string => throw vectorizer.NotSupported($"the stop words '{words}'"),
            _ => [.. (Estimator.Items(words) ?? throw vectorizer.Missing("stop_words", "a list of words")).OfType<string>()],
        };
    }
}
