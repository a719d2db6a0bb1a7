using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>A caller's attributes for several branches at once: they are made for one thread at a time.</summary>
internal sealed class SharedAttributes(ICallerAttributes inner) : ICallerAttributes
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public string? Header(string name)
    {
        lock (_gate)
        {
            return inner.Header(name);
        }
    }

    /// <inheritdoc/>
    public string? Claim(string type)
    {
        lock (_gate)
        {
            return inner.Claim(type);
        }
    }
}
