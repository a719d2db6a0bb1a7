using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>
/// Keeps count of what is in memory and chooses what is to go when more is needed: the version used least recently among those loaded on demand
/// that nobody uses now. Thread-safe.
/// </summary>
internal sealed class ResidentBudget(LoadingOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Servable, ModelState> _residents = [];
    private long _bytes;

    /// <summary>Bytes of everything in memory, as measured at load.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Versions in memory, those that are draining included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _residents.Count;
            }
        }
    }

    /// <summary>Counts a version that was loaded.</summary>
    public void Add(Servable servable, ModelState model)
    {
        lock (_gate)
        {
            _residents.Add(servable, model);
            _bytes += servable.MemoryBytes;
        }
    }

    /// <summary>Counts a version no longer, since its memory is free.</summary>
    public void Remove(Servable servable, long memoryBytes)
    {
        lock (_gate)
        {
            if (_residents.Remove(servable))
            {
                _bytes -= memoryBytes;
            }
        }
    }

    /// <summary>Whether <paramref name="models"/> more versions of <paramref name="bytes"/> bytes together fit.</summary>
    public bool Fits(int models, long bytes)
    {
        lock (_gate)
        {
            return (options.MaxResidentModels == 0 || _residents.Count + models <= options.MaxResidentModels)
                && (options.MaxResidentBytes == 0 || _bytes + bytes <= options.MaxResidentBytes);
        }
    }

    /// <summary>
    /// Closes the idle version used least recently, for the caller to take out of service and free; null when every one that may go is in use.
    /// </summary>
    /// <param name="mayGo">Whether a model's versions may be evicted at all.</param>
    /// <param name="except">Never chosen: what was just loaded.</param>
    public (Servable Servable, ModelState Model)? CloseLeastRecent(Func<ModelState, bool> mayGo, Servable? except)
    {
        lock (_gate)
        {
            // Under pressure only, and off the request path: a walk over what is in memory is cheap enough.
            foreach ((Servable servable, ModelState model) in _residents.OrderBy(static pair => pair.Key.LastUsed))
            {
                if (!ReferenceEquals(servable, except) && mayGo(model) && servable.TryCloseIdle())
                {
                    return (servable, model);
                }
            }

            return null;
        }
    }
}
