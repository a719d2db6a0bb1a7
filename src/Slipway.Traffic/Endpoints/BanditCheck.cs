namespace Slipway.Traffic.Endpoints;

/// <summary>Says what is wrong with bandits. Pure.</summary>
internal static class BanditCheck
{
    /// <summary>Most numbers in a context, with the constant one.</summary>
    public const int MaxFeatures = 33;

    private const int MaxOpen = 1_000_000;

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(366);

    /// <summary>Every fault of an endpoint's bandit, with the key it lies under, relative to the endpoint.</summary>
    public static IEnumerable<EndpointFault> Find(EndpointDefinition endpoint, BanditDefinition bandit) =>
        FindInDivision(endpoint, bandit).Concat(FindInRewards(bandit)).Concat(FindInContext(bandit));

    private static IEnumerable<EndpointFault> FindInDivision(EndpointDefinition endpoint, BanditDefinition bandit)
    {
        if (endpoint.Arms.Count < 2 || endpoint.Arms.Any(static arm => arm.Weight != 0))
        {
            yield return new("bandit", "two arms or more without 'weight' are expected: rewards divide the traffic");
        }

        if (!(bandit.Floor >= 0 && bandit.Floor * endpoint.Arms.Count <= 100))
        {
            yield return new("bandit.floor", $"a percentage from 0 is expected that each of {endpoint.Arms.Count} arms can have");
        }

        if (bandit.Epsilon is not (>= 0 and <= 1))
        {
            yield return new("bandit.epsilon", "a number from 0 to 1 is expected");
        }

        if (bandit.Exploration is not (> 0 and <= 1000))
        {
            yield return new("bandit.exploration", "a number above 0, at most 1000, is expected");
        }

        if (!IsPrior(bandit.Prior))
        {
            yield return new("bandit.prior", "'successes' and 'failures' from 0.01 to 1e9 are expected");
        }

        foreach ((string arm, BanditPrior prior) in bandit.Priors)
        {
            if (endpoint.Arms.All(one => one.Name != arm))
            {
                yield return new($"bandit.priors.{arm}", $"there is no arm '{arm}'; arms are {string.Join(", ", endpoint.Arms.Select(static one => one.Name))}");
            }
            else if (!IsPrior(prior))
            {
                yield return new($"bandit.priors.{arm}", "'successes' and 'failures' from 0.01 to 1e9 are expected");
            }
        }
    }

    private static IEnumerable<EndpointFault> FindInRewards(BanditDefinition bandit)
    {
        if (!EndpointCheck.IsName(bandit.Metric))
        {
            yield return new("bandit.reward", "a metric's name of letters, digits, '_', '-' and '.' is expected");
        }

        if (!(double.IsFinite(bandit.RewardFrom) && double.IsFinite(bandit.RewardTo) && bandit.RewardFrom < bandit.RewardTo))
        {
            yield return new("bandit.reward", "'from' is expected below 'to'");
        }

        if (bandit.RewardIfNone is { } none && !(none >= bandit.RewardFrom && none <= bandit.RewardTo))
        {
            yield return new("bandit.reward.none", "a reward from 'from' to 'to' is expected");
        }

        if (bandit.Window <= TimeSpan.Zero || bandit.Window > LongestTime)
        {
            yield return new("bandit.window", "a time above 0, at most 366 days, is expected");
        }

        if (bandit.HalfLife is { } half && (half <= TimeSpan.Zero || half > LongestTime * 10))
        {
            yield return new("bandit.halfLife", "a time above 0, at most ten years, is expected");
        }

        if (bandit.MaxOpen is not (>= 1 and <= MaxOpen))
        {
            yield return new("bandit.maxOpen", $"a whole number from 1 to {MaxOpen} is expected");
        }

        if (bandit.Log is not (>= 0 and <= MaxOpen))
        {
            yield return new("bandit.log", $"a whole number from 0 to {MaxOpen} is expected");
        }
    }

    private static IEnumerable<EndpointFault> FindInContext(BanditDefinition bandit)
    {
        if (bandit.Kind == BanditKind.LinUcb && bandit.Context.Count == 0)
        {
            yield return new("bandit.context", "policy linucb needs the numbers that it chooses by");
        }

        if (bandit.Context.Count >= MaxFeatures || bandit.Features > MaxFeatures)
        {
            yield return new("bandit.context", $"at most {MaxFeatures - 1} numbers are allowed");
        }

        for (int i = 0; i < bandit.Context.Count; i++)
        {
            ContextField field = bandit.Context[i];
            string key = $"bandit.context[{i}]";
            if (field.Source.Kind is KeySourceKind.Inputs or KeySourceKind.Caller)
            {
                yield return new(key, "one of input, parameter, header or claim is expected");
            }

            if (field.Length < 1 || (field.Length > 1 && field.Source.Kind != KeySourceKind.Input))
            {
                yield return new(key + ".length", "a whole number from 1 is expected, above 1 for an input only");
            }

            if (!double.IsFinite(field.Offset) || !(field.Scale > 0 && double.IsFinite(field.Scale)))
            {
                yield return new(key + ".scale", "a number above 0 is expected");
            }
        }
    }

    private static bool IsPrior(BanditPrior prior) => prior is { Successes: >= 0.01 and <= 1e9, Failures: >= 0.01 and <= 1e9 };
}
