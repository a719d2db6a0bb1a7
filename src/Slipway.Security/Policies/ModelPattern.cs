using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>Names of models (or of callers) that something applies to: a name in which <c>*</c> stands for any characters, none included. Case counts.</summary>
public readonly record struct ModelPattern
{
    private const int LongestText = 256;
    private const char Wildcard = '*';

    private readonly string? _text;

    private ModelPattern(string text)
    {
        _text = text;
    }

    /// <summary>Every name; also the default value.</summary>
    public static ModelPattern All { get; } = new("*");

    /// <summary>Whether it is every name.</summary>
    public bool IsAll => _text is null or "*";

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when it is empty, too long, or holds control characters.</exception>
    public static ModelPattern Parse(string text) => text.Length is 0 or > LongestText || text.Any(char.IsControl)
        ? throw new SlipwayException(ErrorCode.InvalidRequest, $"a pattern of names has 1 to {LongestText} characters, '*' for any, and no control characters")
        : new ModelPattern(text);

    /// <summary>Whether a name fits.</summary>
    public bool Matches(ReadOnlySpan<char> name)
    {
        if (IsAll)
        {
            return true;
        }

        // Greedy with one point to fall back to: as the last '*' may always take one more, earlier ones never have to be tried again.
        ReadOnlySpan<char> pattern = _text;
        int at = 0;
        int star = -1;
        int resume = 0;
        int i = 0;
        while (i < name.Length)
        {
            if (at < pattern.Length && pattern[at] == Wildcard)
            {
                star = at++;
                resume = i;
            }
            else if (at < pattern.Length && pattern[at] == name[i])
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return !pattern[at..].ContainsAnyExcept(Wildcard);
    }

    /// <summary>Whether every name that fits <paramref name="other"/> surely fits this one. Errs on the side of no.</summary>
    public bool Covers(ModelPattern other) =>
        // A star of the other, taken as a character, fits only under a star here, which takes whatever it stands for.
        Matches(other.ToString());

    /// <inheritdoc/>
    public override string ToString() => _text ?? "*";
}
