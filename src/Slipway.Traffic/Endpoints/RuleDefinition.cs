namespace Slipway.Traffic.Endpoints;

/// <summary>Sends requests that fulfil all its conditions to one arm. Immutable.</summary>
public sealed record RuleDefinition
{
    /// <summary>Name, as answers give it: <c>rule:NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where matching requests go.</summary>
    public required string Arm { get; init; }

    /// <summary>What headers, parameters, claims and the caller must be.</summary>
    public IReadOnlyList<ConditionDefinition> Conditions { get; init; } = [];

    /// <summary>Percentage of entities (of requests, where there is no key) that may match, salted by the rule's name; null (default): all.</summary>
    public double? Percentage { get; init; }

    /// <summary>The rule begins to count at this time; null: at once.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The rule ceases to count at this time; null: never.</summary>
    public DateTimeOffset? Until { get; init; }
}
