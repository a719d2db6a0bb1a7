using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Slipway.Inference.Repository;

/// <summary>Names are names, never paths.</summary>
public static class ModelNames
{
    /// <summary>Longest name in bytes of UTF-8.</summary>
    public const int MaxBytes = 255;

    /// <summary>
    /// Whether a name can be a model's: 1 to 255 bytes, no <c>/</c>, <c>\</c> or <c>:</c> (they would end it in a URL), no control characters, no leading dot,
    /// no white space at either end, well-formed text.
    /// </summary>
    public static bool IsValid([NotNullWhen(true)] string? name) =>
        !string.IsNullOrEmpty(name)
        && name[0] != '.'
        && !char.IsWhiteSpace(name[0])
        && !char.IsWhiteSpace(name[^1])
        && !name.AsSpan().ContainsAny('/', '\\', ':')
        && !name.Any(static c => char.IsControl(c) || c == '\uFFFD')
        && IsWellFormed(name)
        && Encoding.UTF8.GetByteCount(name) <= MaxBytes;

    private static bool IsWellFormed(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(name[i]))
            {
                return false;
            }
        }

        return true;
    }
}
