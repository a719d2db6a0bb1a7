namespace Slipway.Traffic.Endpoints;

/// <summary>What one header, parameter, claim or the caller must be. All tests given must hold. A value that is absent fulfils only <see cref="Present"/> false.</summary>
public sealed record ConditionDefinition
{
    /// <summary>What is looked at; <see cref="KeySourceKind.Input"/> and <see cref="KeySourceKind.Inputs"/> are not for conditions.</summary>
    public required KeySource Source { get; init; }

    /// <summary>The value is one of these, case counts; empty: anything.</summary>
    public IReadOnlyList<string> In { get; init; } = [];

    /// <summary>The value begins with this, case counts; null: anything.</summary>
    public string? Prefix { get; init; }

    /// <summary>Whether there is a value at all; null: there must be one if any other test is given.</summary>
    public bool? Present { get; init; }

    /// <summary>The value is a number of at least this; null: anything.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The value is a number below this; null: anything.</summary>
    public double? Below { get; init; }
}
