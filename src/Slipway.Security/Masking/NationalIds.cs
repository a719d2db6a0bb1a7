using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Security.Masking;

/// <summary>
/// National identity and tax numbers: Brazil (CPF), France (NIR), Germany (Steuer-ID), Italy (codice fiscale, by its form), Poland (PESEL), Spain (DNI, NIE), Switzerland (AHV),
/// United Kingdom (National Insurance), United States (SSN, written with hyphens).
/// </summary>
internal static partial class NationalIds
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

    /// <summary>Replaces every number whose check is right.</summary>
    public static string Replace(string text)
    {
        text = Lettered().Replace(text, static match => IsLettered(match.Value) ? "[national-id]" : match.Value);
        return Numbered().Replace(text, static match => IsNumbered(match.Value) ? "[national-id]" : match.Value);
    }

    private static bool IsLettered(string text) => text.Length switch
    {
        // Spain: eight digits, or X, Y, Z and seven, and the letter that their remainder by 23 chooses.
        9 when char.IsAsciiLetterUpper(text[^1]) && long.TryParse(text[0] switch { 'X' => "0", 'Y' => "1", 'Z' => "2", _ => text[..1] } + text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) =>
            SpanishLetters[(int)(number % SpanishLetters.Length)] == text[^1],
        _ => true,
    };

    private static bool IsNumbered(string text)
    {
        int[] digits = Checksums.DigitsOf(text);
        return digits.Length switch
        {
            9 => text[3] == '-' && IsSocialSecurity(digits),
            11 => IsCpf(text, digits) || IsPesel(digits) || IsSteuerId(digits),
            13 => IsAhv(digits),
            15 => IsNir(digits),
            _ => false,
        };
    }

    private static bool IsSocialSecurity(int[] digits)
    {
        int area = (digits[0] * 100) + (digits[1] * 10) + digits[2];
        return area is > 0 and < 900 and not 666 && digits[3] + digits[4] > 0 && digits[5] + digits[6] + digits[7] + digits[8] > 0;
    }

    private static bool IsCpf(string text, int[] digits) => text.Contains('-', StringComparison.Ordinal)
        && digits.Distinct().Count() > 1
        && Check(Checksums.Weighted(digits, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digits[9]
        && Check(Checksums.Weighted(digits, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digits[10];

    private static int Check(int sum) => sum * 10 % 11 % 10;

    private static bool IsPesel(int[] digits)
    {
        int month = ((digits[2] % 2) * 10) + digits[3];
        int day = (digits[4] * 10) + digits[5];
        return month is >= 1 and <= 12 && day is >= 1 and <= 31 && Checksums.Weighted(digits, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
    }

    // ISO 7064, modulus 11,10; of the first ten digits one stands twice or three times.
    private static bool IsSteuerId(int[] digits)
    {
        if (digits[0] == 0 || digits.Take(10).GroupBy(static digit => digit).Count(static same => same.Count() is 2 or 3) != 1)
        {
            return false;
        }

        int product = 10;
        for (int i = 0; i < 10; i++)
        {
            int sum = (digits[i] + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[10];
    }

    // EAN-13 with the country's prefix.
    private static bool IsAhv(int[] digits) => digits is [7, 5, 6, ..] && Checksums.Weighted(digits, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;

    private static bool IsNir(int[] digits)
    {
        long number = digits.Take(13).Aggregate(0L, static (all, digit) => (all * 10) + digit);
        return digits[0] is 1 or 2 && 97 - (number % 97) == (digits[13] * 10) + digits[14];
    }

    [GeneratedRegex(@"\b(?:[0-9XYZ]\d{7}[A-Z]|(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]|[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Lettered();

    [GeneratedRegex(@"(?<![\w.])\d(?:[ .\-]?\d){8,14}(?!\w)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Numbered();
}
