using Slipway.Trust.Signing;

namespace Slipway.Trust.Policy;

/// <summary>What is asked of the signatures of some models.</summary>
/// <param name="Pattern">Names of the models; <c>*</c> stands for any characters.</param>
/// <param name="Mode">What is asked.</param>
/// <param name="Trusted">Whose signatures count.</param>
public sealed record SigningRule(string Pattern, SignatureMode Mode, TrustedSigners Trusted)
{
    /// <summary>Whether the rule is about a model.</summary>
    public bool Matches(string model) => Matches(Pattern, model);

    // Greedy with one step back: linear for the patterns that people write, and never worse than the product of the lengths.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        (int p, int n, int star, int mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
