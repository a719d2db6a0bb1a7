using System.Globalization;
using Slipway.Inference.Configuration;
using Slipway.Security.Limits;
using Slipway.Security.Policies;

namespace Slipway.Server.Configuration;

/// <summary>The form that limits of callers are described in.</summary>
internal static class LimitParsers
{
    private const string RateForm = "an amount and a time, such as 100/s, 1000/10s, 5000/m, 1GiB/d";

    /// <summary>A list of rules.</summary>
    public static bool Rules(ConfigValue value, out IReadOnlyList<LimitRule> rules)
    {
        rules = [.. (value.AsList() ?? []).Select(Rule).OfType<LimitRule>()];
        return true;
    }

    private static LimitRule? Rule(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        LimitRule rule = new()
        {
            Callers = mapping.Get("callers", IdentityParsers.Pattern, ModelPattern.All),
            Models = mapping.Get("models", IdentityParsers.Pattern, ModelPattern.All),
            Requests = Read(mapping, "requests", isSize: false),
            Rows = Read(mapping, "rows", isSize: false),
            Bytes = Read(mapping, "bytes", isSize: true),
        };
        mapping.Finish();
        if (rule.Requests is null && rule.Rows is null && rule.Bytes is null)
        {
            value.Refuse("requests, rows or bytes are expected");
        }

        return rule;
    }

    private static Rate? Read(ConfigMapping mapping, string key, bool isSize)
    {
        if (!mapping.TryGet(key, out ConfigValue value) || value.AsText() is not { } text)
        {
            return null;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && TryAmount(text[..slash].Trim(), isSize, out long amount) && amount > 0 && TryWindow(text[(slash + 1)..].Trim(), out TimeSpan window))
        {
            return new Rate(amount, window);
        }

        value.Refuse($"{RateForm} is expected");
        return null;
    }

    private static bool TryAmount(string text, bool isSize, out long amount) =>
        isSize ? ConfigUnits.TryParseSize(text, out amount) : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out amount);

    private static bool TryWindow(string text, out TimeSpan window)
    {
        string counted = text.Length > 0 && char.IsAsciiLetter(text[0]) ? "1" + text : text;
        if (counted == "1d")
        {
            window = TimeSpan.FromDays(1);
            return true;
        }

        return ConfigUnits.TryParseDuration(counted, out window) && window >= TimeSpan.FromSeconds(1) && window <= TimeSpan.FromDays(31);
    }
}
