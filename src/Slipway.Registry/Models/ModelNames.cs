using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>What models, aliases, tags and people may be called. Names are names, never paths, also after being decoded.</summary>
internal static partial class ModelNames
{
    private const int MaxLength = 256;

    /// <summary>A name of a model: 1 to 256 characters, no slash, backslash, colon or control character, no blank at either end, not <c>.</c> or <c>..</c>.</summary>
    public static string Model(string name) => IsModel(name)
        ? StoredText.Key(name, "the name of the model")
        : throw new SlipwayException(
            ErrorCode.InvalidRequest, $"a model's name has 1 to {MaxLength} characters without '/', '\\', ':' and control characters, and no blank at its ends");

    /// <summary>A name of an alias: letters, digits, <c>_</c>, <c>-</c>, <c>.</c>; not <c>latest</c> and not <c>v1</c> or the like, which mean versions.</summary>
    public static string Alias(string alias) => alias.Length is > 0 and < MaxLength && AliasPattern().IsMatch(alias) && !ReservedAlias().IsMatch(alias)
        ? StoredText.Key(alias, "the alias")
        : throw new SlipwayException(
            ErrorCode.InvalidRequest, $"an alias has 1 to {MaxLength - 1} letters, digits, '_', '-' and '.', and is not 'latest' or 'v' with a number");

    /// <summary>Somebody who changes something.</summary>
    public static ChangeContext Change(ChangeContext change)
    {
        StoredText.Key(change.Actor, "the actor");
        StoredText.Optional(change.Reason, "the reason");
        return change;
    }

    private static bool IsModel(string name) =>
        name.Length is > 0 and <= MaxLength
        && ArtifactPath.IsValid(name)
        && !name.Contains('/', StringComparison.Ordinal)
        && name.AsSpan().Trim().Length == name.Length
        && (!name.Contains('%', StringComparison.Ordinal) || Uri.UnescapeDataString(name) is var decoded && (decoded == name || IsModel(decoded)));

    [GeneratedRegex(@"\A[\p{L}\p{Mn}\p{Nd}_.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex AliasPattern();

    [GeneratedRegex(@"\A(latest|v[0-9]+|\.+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReservedAlias();
}
