namespace Slipway.Pipelines.Definitions;

/// <summary>One step of a pipeline: what it does, and how long and how often it may try. Immutable.</summary>
public sealed record StepDefinition
{
    /// <summary>Name: a letter or underscore, then letters, digits and underscores, so that expressions can say it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required StepBody Body { get; init; }

    /// <summary>Longest one attempt may take; null (default): as long as the request may.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often it is tried when it fails in a way that may pass. Default 1.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Pause before the second attempt; doubled before each further one. Default 10 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>What is done instead when it has failed, with the same outputs; null (default): the request fails.</summary>
    public StepBody? Fallback { get; init; }
}
