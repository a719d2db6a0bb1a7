using System.Text;
using Slipway.Core;

namespace Slipway.Registry.Database;

/// <summary>What text every database keeps as it is: no null character, no half of a surrogate pair, and no more than fits an index where it is a key.</summary>
internal static class StoredText
{
    /// <summary>Most bytes of a key in UTF-8; PostgreSQL refuses index rows over 2,704 bytes.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>Most characters of a value: far more than any protocol allows.</summary>
    public const int MaxValueLength = 16 << 20;

    public static bool IsStorable(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        for (int index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                return false;
            }

            index++;
        }

        return true;
    }

    /// <summary>A value.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when it can't be kept as it is.</exception>
    public static string Value(string text, string what) =>
        text.Length > MaxValueLength ? throw Bad(what, $"is longer than {MaxValueLength} characters")
        : !IsStorable(text) ? throw Bad(what, "holds a null character or half of a surrogate pair")
        : text;

    /// <summary>As <see cref="Value"/>; null stays null.</summary>
    public static string? Optional(string? text, string what) => text is null ? null : Value(text, what);

    /// <summary>A key: not empty, at most <see cref="MaxKeyBytes"/> bytes.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when it is no key.</exception>
    public static string Key(string text, string what) =>
        text.Length == 0 ? throw Bad(what, "is empty")
        : !IsStorable(text) ? throw Bad(what, "holds a null character or half of a surrogate pair")
        : Encoding.UTF8.GetByteCount(text) > MaxKeyBytes ? throw Bad(what, $"is longer than {MaxKeyBytes} bytes")
        : text;

    /// <summary>Tags or parameters: every key and value.</summary>
    public static IReadOnlyDictionary<string, string> Pairs(IReadOnlyDictionary<string, string> pairs, string what)
    {
        foreach ((string key, string value) in pairs)
        {
            Value(value, $"the value of {what} '{Key(key, $"the key of a {what}")}'");
        }

        return pairs;
    }

    private static SlipwayException Bad(string what, string why) => new(ErrorCode.InvalidRequest, $"{what} {why}");
}
