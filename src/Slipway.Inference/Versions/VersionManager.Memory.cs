using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>Making room before a load, and taking versions out of memory.</summary>
internal sealed partial class VersionManager
{
    // The files' size is the best guess of what a model will take before it has been loaded. Null when there is room, else why there is none.
    private async ValueTask<string?> MakeRoomAsync(ModelState model, ModelArtifact artifact, bool replaces)
    {
        long bytes = artifact.Files.Sum(static file => file.Length);
        while (!Budget.Fits(models: 1, bytes) && !await EvictOneAsync(candidate => !(replaces && candidate == model)))
        {
            // What must be loaded is loaded; what may wait waits until somebody gives way. What takes the place of something in service does not wait, nor
            // drive that out before it is known to be any good.
            return model.IsEvictable && !replaces ? $"no room for model '{model.Name}': every model in memory is in use, or the budget is too small for it" : null;
        }

        return null;
    }

    // The guess was a guess: now that the size is known, more may have to go.
    private async ValueTask TrimAsync(Servable loaded)
    {
        while (!Budget.Fits(models: 0, bytes: 0) && await EvictOneAsync(static _ => true, loaded))
        {
        }
    }

    private async ValueTask<bool> EvictOneAsync(Func<ModelState, bool> mayGo, Servable? except = null)
    {
        if (Budget.CloseLeastRecent(model => model.IsEvictable && mayGo(model), except) is not { } victim)
        {
            return false;
        }

        VersionState? version;
        lock (victim.Model.Gate)
        {
            version = victim.Model.Find(victim.Servable.Info.Version);
            if (version is null || !ReferenceEquals(version.Servable, victim.Servable))
            {
                // It was leaving already: its own drain frees it.
                return true;
            }

            Retire(victim.Model, version, "evicted");
            victim.Model.Publish();
        }

        await FreeAsync(victim.Model, victim.Servable, version);
        return true;
    }

    // Under the model's gate. No new request reaches it; the caller sees to it that it is freed.
    private Servable Retire(ModelState model, VersionState version, string reason)
    {
        Servable servable = version.Servable!;
        version.MoveTo(ServableState.Draining, _time.GetUtcNow(), reason);
        LogRetired(_logger, model.Name, version.Version, reason);
        return servable;
    }

    // Requests that began are finished; then the memory is freed, in the lane.
    private void Drain(ModelState model, Servable servable, VersionState? version)
    {
        lock (_drainGate)
        {
            Task drain = _lane.StartAsync(() => FreeAsync(model, servable, version));
            _drains.Add(drain);
            drain.ContinueWith(
                done =>
                {
                    lock (_drainGate)
                    {
                        _drains.Remove(done);
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }

    private async Task FreeAsync(ModelState model, Servable servable, VersionState? version)
    {
        long bytes = servable.MemoryBytes;
        try
        {
            await servable.DisposeAsync();
        }
        catch (Exception exception)
        {
            // The engine may throw what it likes here; the lane goes on.
            LogNotFreed(_logger, exception, model.Name);
        }

        Budget.Remove(servable, bytes);
        lock (model.Gate)
        {
            if (version is { State: ServableState.Draining })
            {
                version.MoveTo(ServableState.Unloaded, _time.GetUtcNow(), version.Reason);
                model.Publish();
            }
        }
    }
}
