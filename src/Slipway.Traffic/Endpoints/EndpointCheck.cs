using System.Globalization;

namespace Slipway.Traffic.Endpoints;

/// <summary>Says what is wrong with endpoints. Pure.</summary>
public static class EndpointCheck
{
    /// <summary>Most arms of one endpoint.</summary>
    public const int MaxArms = 32;

    /// <summary>Most rules of one endpoint.</summary>
    public const int MaxRules = 1000;

    /// <summary>Most different headers, parameters and claims that the rules of one endpoint look at.</summary>
    public const int MaxRuleSources = 64;

    private const double WeightTolerance = 0.005;

    /// <summary>Every fault of one endpoint, with the key it lies under, relative to the endpoint.</summary>
    public static IEnumerable<EndpointFault> Find(EndpointDefinition endpoint)
    {
        if (!IsName(endpoint.Name))
        {
            yield return new("", $"'{endpoint.Name}' is no name: letters, digits, '_', '-' and '.' are expected, at most 128");
        }

        foreach (EndpointFault fault in FindInArms(endpoint).Concat(FindInRules(endpoint)).Concat(FindInShadows(endpoint)))
        {
            yield return fault;
        }

        if (endpoint.Default.Length > 0 && !HasArm(endpoint, endpoint.Default))
        {
            yield return UnknownArm("default", endpoint, endpoint.Default);
        }

        if (endpoint.Fallback?.Arm is { } fallback && !HasArm(endpoint, fallback))
        {
            yield return UnknownArm("fallback", endpoint, fallback);
        }

        if (endpoint.Holdout is not (>= 0 and <= 100))
        {
            yield return new("holdout", "a percentage from 0 to 100 is expected");
        }

        if (endpoint.Layer is { } layer && !(layer.From >= 0 && layer.To <= 100 && layer.From < layer.To))
        {
            yield return new("layer", "'from' and 'to' are expected as percentages, 'from' below 'to'");
        }
    }

    /// <summary>Faults between endpoints: names given twice, layers whose parts overlap. The key is the endpoint's name.</summary>
    public static IEnumerable<EndpointFault> FindBetween(IReadOnlyList<EndpointDefinition> endpoints)
    {
        for (int i = 0; i < endpoints.Count; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (endpoints[i].Name == endpoints[k].Name)
                {
                    yield return new(endpoints[i].Name, "there are two endpoints of this name");
                }

                if (endpoints[i].Layer is { } mine && endpoints[k].Layer is { } other && mine.Overlaps(other))
                {
                    yield return new(endpoints[i].Name + ".layer", $"its part of layer '{mine.Name}' overlaps that of endpoint '{endpoints[k].Name}'");
                }
            }
        }
    }

    /// <summary>Whether a text can name an endpoint, arm, rule or shadow.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 128
        && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');

    private static IEnumerable<EndpointFault> FindInArms(EndpointDefinition endpoint)
    {
        if (endpoint.Arms.Count is 0 or > MaxArms)
        {
            yield return new("arms", $"1 to {MaxArms} arms are expected");
            yield break;
        }

        double total = 0;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ArmDefinition arm in endpoint.Arms)
        {
            string key = $"arms.{arm.Name}";
            total += arm.Weight;
            if (!IsName(arm.Name))
            {
                yield return new("arms", $"'{arm.Name}' is no name: letters, digits, '_', '-' and '.' are expected");
            }

            if (!names.Add(arm.Name))
            {
                yield return new(key, "there are two arms of this name");
            }

            if (arm.Weight is not (>= 0 and <= 100))
            {
                yield return new(key + ".weight", "a percentage from 0 to 100 is expected");
            }

            if (arm.Fallback?.Arm is { } fallback && (fallback == arm.Name || !HasArm(endpoint, fallback)))
            {
                yield return fallback == arm.Name ? new(key + ".fallback", "an arm can't stand in for itself") : UnknownArm(key + ".fallback", endpoint, fallback);
            }
        }

        if (endpoint.Bandit is { } bandit)
        {
            foreach (EndpointFault fault in BanditCheck.Find(endpoint, bandit))
            {
                yield return fault;
            }
        }
        else if (!(Math.Abs(total - 100) <= WeightTolerance))
        {
            yield return new("arms", string.Create(CultureInfo.InvariantCulture, $"weights must sum to 100, not {total:0.####}"));
        }
    }

    private static IEnumerable<EndpointFault> FindInRules(EndpointDefinition endpoint)
    {
        if (endpoint.Rules.Count > MaxRules)
        {
            yield return new("rules", $"at most {MaxRules} rules are allowed");
        }

        if (endpoint.Rules.SelectMany(static rule => rule.Conditions).Select(static condition => condition.Source).Distinct().Count() > MaxRuleSources)
        {
            yield return new("rules", $"rules may look at no more than {MaxRuleSources} different headers, parameters and claims");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < endpoint.Rules.Count; i++)
        {
            RuleDefinition rule = endpoint.Rules[i];
            string key = $"rules[{i}]";
            if (!IsName(rule.Name) || !names.Add(rule.Name))
            {
                yield return new(key + ".name", "a name of letters, digits, '_', '-' and '.' that no other rule of the endpoint has is expected");
            }

            if (!HasArm(endpoint, rule.Arm))
            {
                yield return UnknownArm(key + ".arm", endpoint, rule.Arm);
            }

            if (rule.Conditions.Count == 0 && rule.Percentage is null && rule.From is null && rule.Until is null)
            {
                yield return new(key, "a rule needs 'when', 'percentage', 'from' or 'until'");
            }

            if (rule.Percentage is not (null or (>= 0 and <= 100)))
            {
                yield return new(key + ".percentage", "a percentage from 0 to 100 is expected");
            }

            if (rule.From >= rule.Until)
            {
                yield return new(key + ".until", "a time after 'from' is expected");
            }
        }
    }

    private static IEnumerable<EndpointFault> FindInShadows(EndpointDefinition endpoint)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ShadowDefinition shadow in endpoint.Shadows)
        {
            string key = $"shadows.{shadow.Name}";
            if (!IsName(shadow.Name) || !names.Add(shadow.Name))
            {
                yield return new(key, "a name of letters, digits, '_', '-' and '.' that no other shadow of the endpoint has is expected");
            }

            if (shadow.Of is { } of && !HasArm(endpoint, of))
            {
                yield return UnknownArm(key + ".of", endpoint, of);
            }

            if (shadow.Sample is not (> 0 and <= 100))
            {
                yield return new(key + ".sample", "a percentage above 0 and up to 100 is expected");
            }
        }
    }

    private static bool HasArm(EndpointDefinition endpoint, string name) => endpoint.Arms.Any(arm => arm.Name == name);

    private static EndpointFault UnknownArm(string key, EndpointDefinition endpoint, string name) =>
        new(key, $"there is no arm '{name}'; arms are {string.Join(", ", endpoint.Arms.Select(static arm => arm.Name))}");
}

/// <summary>A fault in an endpoint's definition.</summary>
/// <param name="Key">The key it lies under; empty for the whole.</param>
/// <param name="Message">What is wrong and what is expected.</param>
public readonly record struct EndpointFault(string Key, string Message);
