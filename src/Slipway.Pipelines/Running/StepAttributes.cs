using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>
/// A caller's attributes as the steps of a pipeline hand them on: safe for several branches at once, while those of a transport are made for one thread at a time. They
/// know the pipelines that a request runs within, so that one that asks itself, through whatever lies between, is found out at the second call.
/// </summary>
/// <param name="inner">The caller's own; null when it has none.</param>
/// <param name="pipeline">The pipeline whose steps ask.</param>
internal sealed class StepAttributes(ICallerAttributes? inner, string pipeline) : ICallerAttributes
{
    private readonly Lock _gate = new();

    private StepAttributes? Outer { get; } = inner as StepAttributes;

    private string Pipeline { get; } = pipeline;

    /// <inheritdoc/>
    public string? Header(string name)
    {
        lock (_gate)
        {
            return inner?.Header(name);
        }
    }

    /// <inheritdoc/>
    public string? Claim(string type)
    {
        lock (_gate)
        {
            return inner?.Claim(type);
        }
    }

    /// <summary>Whether a request came out of a pipeline's own steps.</summary>
    public static bool IsWithin(ICallerAttributes? attributes, string pipeline)
    {
        for (StepAttributes? at = attributes as StepAttributes; at is not null; at = at.Outer)
        {
            if (at.Pipeline == pipeline)
            {
                return true;
            }
        }

        return false;
    }
}
