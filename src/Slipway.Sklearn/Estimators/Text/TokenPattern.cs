using System.Globalization;
using System.Text;

namespace Slipway.Sklearn.Estimators.Text;

/// <summary>
/// A <c>token_pattern</c> in the words of the engine's regular expressions (RE2, longest match). Only patterns that both read alike are taken: classes or characters one after the
/// other, of which the last may repeat. <c>\w</c>, <c>\d</c> and <c>\s</c> mean what they mean for Python's text.
/// </summary>
internal sealed class TokenPattern
{
    private const string Word = @"\p{L}\p{N}_";
    private const string Digit = @"\p{Nd}";
    private const string Space = @"\t-\r\x{1c}- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}";

    /// <summary>One character of white space, as Python's <c>str.split</c> and <c>\s</c> know it.</summary>
    public const string SpaceClass = $"[{Space}]";

    /// <summary>One character of words, as <c>\w</c> knows it.</summary>
    public const string WordClass = $"[{Word}]";

    /// <summary>One character that is no white space.</summary>
    public const string NotSpaceClass = $"[^{Space}]";

    private readonly string _pattern;
    private readonly StringBuilder _expression = new();
    private int _at;
    private bool _onlyWords = true;

    private TokenPattern(string pattern) => _pattern = pattern;

    /// <summary>The engine's expression for a pattern; null when it is not one of those above.</summary>
    /// <param name="matchesSpace">Whether a token may hold a blank.</param>
    public static string? Translate(string pattern, out bool matchesSpace)
    {
        TokenPattern translation = new(pattern.StartsWith("(?u)", StringComparison.Ordinal) ? pattern[4..] : pattern);
        return translation.TryTranslate(out matchesSpace) ? translation._expression.ToString() : null;
    }

    private bool TryTranslate(out bool matchesSpace)
    {
        matchesSpace = false;
        bool bounded = Skip(@"\b");
        bool endBounded = _pattern.EndsWith(@"\b", StringComparison.Ordinal) && !_pattern.EndsWith(@"\\b", StringComparison.Ordinal);
        int end = _pattern.Length - (endBounded ? 2 : 0);
        string repeat = "";
        while (_at < end)
        {
            if (repeat.Length > 0 || Atom() is not { } atom)
            {
                return false;
            }

            _expression.Append(atom.Class);
            matchesSpace |= atom.HasSpace;
            _onlyWords &= atom.IsWord;
            repeat = Repetition();
            _expression.Append(repeat);
        }

        // Whole runs of word characters begin and end at boundaries by themselves; other patterns would need them.
        bool isRun = _onlyWords && repeat is "+" or "{1,}" or "{2,}" or "{3,}";
        return _expression.Length > 0 && _at == end && (isRun || !(bounded || endBounded));
    }

    private bool Skip(string text)
    {
        bool found = _pattern.AsSpan(_at).StartsWith(text, StringComparison.Ordinal);
        _at += found ? text.Length : 0;
        return found;
    }

    private (string Class, bool HasSpace, bool IsWord)? Atom()
    {
        char next = _pattern[_at];
        if (next == '[')
        {
            return Set();
        }

        if (next == '\\')
        {
            return Escape(inSet: false);
        }

        if ("^$.|?*+(){}]".Contains(next, StringComparison.Ordinal) || char.IsSurrogate(next))
        {
            return null;
        }

        _at++;
        return (Literal(next), next == ' ', false);
    }

    private (string Class, bool HasSpace, bool IsWord)? Escape(bool inSet)
    {
        if (_at + 1 >= _pattern.Length)
        {
            return null;
        }

        char kind = _pattern[_at + 1];
        _at += 2;
        string? body = kind switch { 'w' or 'W' => Word, 'd' or 'D' => Digit, 's' or 'S' => Space, _ => null };
        if (body is null)
        {
            // A character that means itself; letters and digits would be something else.
            return char.IsAsciiLetterOrDigit(kind) || char.IsSurrogate(kind) ? null : (Literal(kind), kind == ' ', false);
        }

        bool negated = char.IsUpper(kind);
        return inSet
            ? negated ? null : (body, kind == 's', kind == 'w')
            : ($"[{(negated ? "^" : "")}{body}]", kind is 's' or 'W' or 'D', kind == 'w');
    }

    private (string Class, bool HasSpace, bool IsWord)? Set()
    {
        _at++;
        bool negated = Skip("^");
        bool hasSpace = false;
        StringBuilder set = new(negated ? "[^" : "[");
        for (bool first = true; ; first = false)
        {
            if (_at >= _pattern.Length || (first && _pattern[_at] == ']') || _pattern[_at] == '[')
            {
                return null;
            }

            if (_pattern[_at] == ']')
            {
                _at++;
                return (set.Append(']').ToString(), hasSpace != negated, false);
            }

            if (_pattern[_at] == '\\')
            {
                if (Escape(inSet: true) is not { } escape)
                {
                    return null;
                }

                set.Append(escape.Class);
                hasSpace |= escape.HasSpace;
                continue;
            }

            char from = _pattern[_at++];
            char to = from;
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                to = _pattern[_at + 1];
                _at += 2;
                if (to is '\\' or '[' || to < from)
                {
                    return null;
                }
            }

            if (char.IsSurrogate(from) || char.IsSurrogate(to))
            {
                return null;
            }

            hasSpace |= from <= ' ' && to >= ' ';
            set.Append(Literal(from)).Append(from == to ? "" : "-" + Literal(to));
        }
    }

    // "+", "{n}" or "{n,}" with a count of at most three digits; "" for none.
    private string Repetition()
    {
        if (Skip("+"))
        {
            return "+";
        }

        int close = _pattern.IndexOf('}', _at);
        if (_at >= _pattern.Length || _pattern[_at] != '{' || close < 0)
        {
            return "";
        }

        string digits = _pattern[(_at + 1)..close].TrimEnd(',');
        if (digits.Length is < 1 or > 3 || !digits.All(char.IsAsciiDigit) || int.Parse(digits, CultureInfo.InvariantCulture) == 0)
        {
            return "";
        }

        string repetition = _pattern[_at..(close + 1)];
        _at = close + 1;
        return repetition;
    }

    private static string Literal(char character) => string.Create(CultureInfo.InvariantCulture, $"\\x{{{(int)character:x}}}");
}
