using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>What requests to one model can reach at one moment. Immutable; replaced as a whole.</summary>
internal sealed class ServingTable(Servable? preferred, IReadOnlyList<Servable> ready, FrozenDictionary<string, long> labels)
{
    public static ServingTable Empty { get; } = new(null, [], FrozenDictionary<string, long>.Empty);

    /// <summary>What answers requests that name no version; null when nothing does.</summary>
    public Servable? Preferred => preferred;

    /// <summary>Every version in service, largest first.</summary>
    public IReadOnlyList<Servable> Ready => ready;

    /// <summary>Labels and the versions that they point at, in service or not.</summary>
    public FrozenDictionary<string, long> Labels => labels;

    /// <summary>The version that is meant, when it is in service.</summary>
    public Servable? Find(VersionSelector selector)
    {
        if (selector.IsDefault)
        {
            return preferred;
        }

        if (selector.Number is { } number)
        {
            return Find(number);
        }

        return labels.TryGetValue(selector.Label!, out long labelled) ? Find(labelled) : null;
    }

    private Servable? Find(long version)
    {
        // A model serves a handful of versions: walking them is quicker than hashing.
        for (int i = 0; i < ready.Count; i++)
        {
            if (ready[i].Info.Version == version)
            {
                return ready[i];
            }
        }

        return null;
    }
}
