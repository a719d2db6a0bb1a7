using Slipway.Core;
using Slipway.Inference.Configuration;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>A version as configuration names it: <c>NAME</c>, <c>NAME@ALIAS</c> or <c>NAME:VERSION</c>.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Which version of it.</param>
internal sealed record TargetSettings(string Model, VersionSelector Version)
{
    /// <summary>Reads a reference; null, reported, when it is none.</summary>
    public static TargetSettings? Read(ConfigValue value)
    {
        if (value.AsText() is not { } text)
        {
            return null;
        }

        if (TryParse(text) is { } target)
        {
            return target;
        }

        value.Refuse($"NAME, NAME@ALIAS or NAME:VERSION is expected, not '{text}'");
        return null;
    }

    /// <summary>Reads a reference; null when it is none.</summary>
    public static TargetSettings? TryParse(string text)
    {
        int at = text.LastIndexOfAny(['@', ':']);
        if (at < 0)
        {
            return text.Length > 0 ? new TargetSettings(text, VersionSelector.Default) : null;
        }

        string version = text[(at + 1)..];
        if (at == 0 || version.Length == 0)
        {
            return null;
        }

        VersionSelector selector = text[at] == '@' ? VersionSelector.ByLabel(version) : VersionSelector.Parse(version);
        return text[at] == ':' && selector.Number is null ? null : new TargetSettings(text[..at], selector);
    }
}
