namespace Slipway.Security.Masking;

/// <summary>Check digits. Characters other than letters and digits are passed over.</summary>
internal static class Checksums
{
    /// <summary>Luhn's check (ISO/IEC 7812-1, annex B).</summary>
    public static bool Luhn(ReadOnlySpan<char> text)
    {
        int sum = 0;
        int position = 0;
        bool isVaried = false;
        int first = -1;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                continue;
            }

            int digit = text[i] - '0';
            first = first < 0 ? digit : first;
            isVaried |= digit != first;
            int doubled = digit * 2;
            sum += position++ % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }

        return isVaried && sum % 10 == 0;
    }

    /// <summary>Digits of a text as numbers.</summary>
    public static int[] DigitsOf(ReadOnlySpan<char> text)
    {
        List<int> digits = new(text.Length);
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                digits.Add(c - '0');
            }
        }

        return [.. digits];
    }

    /// <summary>Sum of digits times weights.</summary>
    public static int Weighted(ReadOnlySpan<int> digits, params ReadOnlySpan<int> weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += digits[i] * weights[i];
        }

        return sum;
    }
}
