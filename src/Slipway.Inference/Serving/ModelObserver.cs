using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Telemetry;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Serving;

/// <summary>Reads the state of every version for metrics, when somebody looks. Versions that are only registered are left out: there may be thousands.</summary>
internal sealed class ModelObserver(ModelDirectory directory)
{
    /// <summary>Every version that is or was more than registered.</summary>
    public IEnumerable<ObservedVersion> Versions() => directory.Models.Values.SelectMany(Observe);

    private static List<ObservedVersion> Observe(ModelState model)
    {
        List<ObservedVersion> observed = [];
        lock (model.Gate)
        {
            foreach (VersionState version in model.Versions)
            {
                if (version.Servable is { } servable)
                {
                    observed.Add(Observe(servable));
                }
                else if (version.State != ServableState.Unknown)
                {
                    observed.Add(new ObservedVersion(version.State, MetricTags.Of(model.Name, version.Version, model.Wish.Config)));
                }
            }
        }

        return observed;
    }

    private static ObservedVersion Observe(Servable servable) => new(ServableState.Ready, servable.Metrics.Tags)
    {
        IsLoaded = true,
        InFlight = servable.Leases,
        Pending = servable.Pending,
        MemoryBytes = servable.MemoryBytes,
        CacheBytes = servable.Cache?.Bytes,
    };
}
