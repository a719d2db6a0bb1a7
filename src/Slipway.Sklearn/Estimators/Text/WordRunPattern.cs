namespace Slipway.Sklearn.Estimators.Text;

/// <summary>
/// Token patterns with boundaries on both sides of characters that words consist of, such as <c>\b[a-zA-Z]{2,}\b</c> or <c>\b[^\d\W]+\b</c>. As there is no boundary inside a word, a token
/// is always a whole one, though not every word is a token; words that are none are in no vocabulary that was learned.
/// </summary>
internal ref struct WordRunPattern
{
    private const string Boundary = @"\b";
    private readonly ReadOnlySpan<char> _pattern;
    private int _at;

    private WordRunPattern(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <summary>Whether a pattern is such a one.</summary>
    public static bool Matches(string pattern)
    {
        ReadOnlySpan<char> rest = pattern.StartsWith("(?u)", StringComparison.Ordinal) ? pattern.AsSpan(4) : pattern;
        if (rest.Length <= 2 * Boundary.Length || !rest.StartsWith(Boundary) || !rest.EndsWith(Boundary) || rest[^3] == '\\')
        {
            return false;
        }

        WordRunPattern atoms = new(rest[Boundary.Length..^Boundary.Length]);
        while (atoms._at < atoms._pattern.Length)
        {
            if (!atoms.TakeAtom() || !atoms.TakeRepetition())
            {
                return false;
            }
        }

        return true;
    }

    private bool TakeAtom()
    {
        char next = _pattern[_at++];
        return next switch
        {
            '[' => TakeSet(),
            '\\' => TakeClass() is 'w' or 'd',
            _ => IsOfWords(next),
        };
    }

    private char TakeClass() => _at < _pattern.Length ? _pattern[_at++] : '\0';

    // All of a set must be of words; of one that says what is left out, all that is none.
    private bool TakeSet()
    {
        bool isNegated = _at < _pattern.Length && _pattern[_at] == '^';
        _at += isNegated ? 1 : 0;
        bool hasOthers = false;
        bool leavesOthersOut = false;
        int first = _at;
        while (_at < _pattern.Length)
        {
            char from = _pattern[_at++];
            if (from == ']')
            {
                return _at - 1 > first && (isNegated ? leavesOthersOut : !hasOthers);
            }

            if (from == '[')
            {
                return false;
            }

            if (from == '\\')
            {
                char kind = TakeClass();
                leavesOthersOut |= kind == 'W';
                hasOthers |= kind is not ('w' or 'd');
                continue;
            }

            char to = from;
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                to = _pattern[_at + 1];
                _at += 2;
            }

            if (to < from || to == '\\')
            {
                return false;
            }

            for (int character = from; character <= to; character++)
            {
                hasOthers |= !IsOfWords((char)character);
            }
        }

        return false;
    }

    // None, "+", "{n}", "{n,}" or "{n,m}" with at least one.
    private bool TakeRepetition()
    {
        if (_at >= _pattern.Length || _pattern[_at] is not ('+' or '{'))
        {
            return true;
        }

        if (_pattern[_at++] == '+')
        {
            return true;
        }

        int close = _pattern[_at..].IndexOf('}');
        if (close < 0)
        {
            return false;
        }

        ReadOnlySpan<char> counts = _pattern.Slice(_at, close);
        _at += close + 1;
        int comma = counts.IndexOf(',');
        ReadOnlySpan<char> least = comma < 0 ? counts : counts[..comma];
        ReadOnlySpan<char> most = comma < 0 ? [] : counts[(comma + 1)..];
        return IsCount(least) && least.TrimStart('0').Length > 0 && (most.IsEmpty || IsCount(most));
    }

    private static bool IsCount(ReadOnlySpan<char> digits) => digits.Length is > 0 and <= 3 && !digits.ContainsAnyExceptInRange('0', '9');

    private static bool IsOfWords(char character) => char.IsLetterOrDigit(character) || character == '_';
}
