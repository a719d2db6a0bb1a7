using System.Text.RegularExpressions;

namespace Slipway.Security.Masking;

/// <summary>
/// Finds personal data in text and replaces it by what it was, as in <c>[email]</c>. Numbers count only when their check digits are right, so that other numbers stay. The patterns
/// run in time proportional to the text. Thread-safe.
/// </summary>
public sealed partial class PersonalData(PersonalDataKinds kinds)
{
    /// <summary>The text without what was looked for; the same text when there was nothing.</summary>
    public string Replace(string text)
    {
        if (kinds == PersonalDataKinds.None || text.Length < 6)
        {
            return text;
        }

        // Cards before telephone numbers and national numbers: the longer run of digits is the better guess.
        text = Has(PersonalDataKinds.Email) && text.Contains('@', StringComparison.Ordinal) ? Email().Replace(text, "[email]") : text;
        text = Has(PersonalDataKinds.Card) ? Card().Replace(text, static match => Checksums.Luhn(match.ValueSpan) ? "[card]" : match.Value) : text;
        text = Has(PersonalDataKinds.NationalId) ? NationalIds.Replace(text) : text;
        return Has(PersonalDataKinds.Phone) ? Phone().Replace(text, static match => IsPhone(match.ValueSpan) ? "[phone]" : match.Value) : text;
    }

    private bool Has(PersonalDataKinds kind) => (kinds & kind) != 0;

    private static bool IsPhone(ReadOnlySpan<char> text)
    {
        int digits = 0;
        foreach (char c in text)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        // E.164: at most 15 digits.
        return digits is >= 8 and <= 15;
    }

    [GeneratedRegex(@"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\d.])\d(?:[ \-]?\d){12,18}(?![\d])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Card();

    [GeneratedRegex(@"(?<![\w+.])(?:\+\d(?:[ \-./()]{0,2}\d){7,14}|\(?\d{3}\)?[ \-.]\d{3}[ \-.]\d{4})(?!\d)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Phone();
}
