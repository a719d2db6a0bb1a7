using Slipway.Pmml.Transformations;

namespace Slipway.Pmml.Models.Texts;

/// <summary>Counts the terms of a dictionary, of one word or several, in texts. Case and the punctuation around words do not matter. Immutable.</summary>
internal sealed class TermCounter
{
    private readonly TextTokenizer _tokenizer;
    private readonly Dictionary<string, List<(int Term, string[] Words)>> _byFirstWord = new(StringComparer.Ordinal);
    private readonly int _count;

    /// <summary>A counter of the terms of a dictionary.</summary>
    public TermCounter(IReadOnlyList<string> terms, TextTokenizer tokenizer)
    {
        (_tokenizer, _count) = (tokenizer, terms.Count);
        for (int term = 0; term < terms.Count; term++)
        {
            if (tokenizer.Words(terms[term]) is [var first, ..] words)
            {
                if (!_byFirstWord.TryGetValue(first, out List<(int, string[])>? same))
                {
                    _byFirstWord.Add(first, same = []);
                }

                same.Add((term, words));
            }
        }
    }

    /// <summary>How often each term occurs in a text.</summary>
    public double[] Count(string text)
    {
        double[] counts = new double[_count];
        ReadOnlySpan<string> words = _tokenizer.Words(text);
        for (int at = 0; at < words.Length; at++)
        {
            foreach ((int term, string[] wanted) in _byFirstWord.GetValueOrDefault(words[at], []))
            {
                counts[term] += words[at..].StartsWith(wanted) ? 1 : 0;
            }
        }

        return counts;
    }
}
