namespace Slipway.Pipelines.Definitions;

/// <summary>Something wrong with a pipeline.</summary>
/// <param name="Key">The key it lies under, relative to the pipeline, e.g. <c>steps.scored.inputs.x</c>; empty for the whole.</param>
/// <param name="Message">What is wrong and what is expected.</param>
public sealed record PipelineFault(string Key, string Message)
{
    /// <summary>Whether a model is merely not there, or not yet: it may come.</summary>
    public bool IsMissingModel { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? Message : $"{Key}: {Message}";
}
