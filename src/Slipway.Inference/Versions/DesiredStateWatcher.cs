using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Inference.Versions;

/// <summary>Follows the model source and hands each model's part of the desired state to the manager.</summary>
internal sealed partial class DesiredStateWatcher(
    IModelSource source, ModelDirectory directory, VersionManager manager, TimeProvider time, ILogger<DesiredStateWatcher> logger)
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private bool _hasFirst;

    /// <summary>Follows the source until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (DesiredState state in source.WatchAsync(stopping))
                {
                    Apply(state);
                }

                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A source must not end by throwing. Should it, what is loaded stays and we ask again.
                LogSourceFailed(logger, exception);
            }

            await PauseAsync(stopping);
        }
    }

    /// <summary>Asks the source to look again and applies what it says.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken) => Apply(await source.RefreshAsync(cancellationToken));

    /// <summary>Applies a desired state.</summary>
    public void Apply(DesiredState state)
    {
        lock (_gate)
        {
            bool isFirst = !_hasFirst;
            _hasFirst = true;
            Dictionary<string, ModelState> models = directory.Models.ToDictionary(StringComparer.Ordinal);
            int forgotten = Forget(models, state);
            List<DesiredModel> changed = [];
            foreach (DesiredModel desired in state.Models.Values)
            {
                if (!models.TryGetValue(desired.Name, out ModelState? model))
                {
                    models.Add(desired.Name, model = new ModelState(desired.Name));
                    forgotten++;
                }

                if (!ReferenceEquals(model.Wish.Source, desired))
                {
                    changed.Add(desired);
                }
            }

            if (forgotten > 0)
            {
                directory.Replace(models.Values);
            }

            foreach (DesiredModel desired in changed)
            {
                LogNotices(desired, models[desired.Name]);
                bool counts = isFirst && desired.Config.Load == LoadPolicy.Eager;
                manager.Change(models[desired.Name], wish => wish with { Source = desired }, countsForStart: counts);
            }

            if (isFirst)
            {
                manager.FirstStateIsKnown();
            }
        }
    }

    // Models that the source has dropped leave service; once nothing is left of them they are forgotten. Returns how many were.
    private int Forget(Dictionary<string, ModelState> models, DesiredState state)
    {
        int forgotten = 0;
        foreach (ModelState model in models.Values.Where(model => !state.Models.ContainsKey(model.Name)).ToArray())
        {
            bool isGone;
            lock (model.Gate)
            {
                isGone = model.IsGone && !model.HasWork;
            }

            if (isGone)
            {
                models.Remove(model.Name);
                forgotten++;
            }
            else if (model.Wish.Source is not null)
            {
                manager.Change(model, static wish => wish with { Source = null, Override = null, Control = ControlMode.Automatic });
            }
        }

        return forgotten;
    }

    private void LogNotices(DesiredModel desired, ModelState model)
    {
        ModelWish wish = model.Wish with { Source = desired };
        foreach (string reference in wish.DeadReferences.Except(model.Wish.DeadReferences))
        {
            LogDeadReference(logger, desired.Name, reference);
        }

        // Where the source itself has nothing to serve, it says so in its notices if that is worth a line: a registry may hold thousands of models without an alias.
        if (wish.WhyNothing is { } nothing && desired is { Problem: null, NothingToServe: null } && nothing != model.Wish.WhyNothing)
        {
            LogNothingToServe(logger, desired.Name, nothing);
        }

        if (desired.Notices.Count > 0 && model.Wish.Source?.Notices.SequenceEqual(desired.Notices) != true)
        {
            foreach (string notice in desired.Notices)
            {
                LogNotice(logger, desired.Name, notice);
            }
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(PauseAfterFault, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    [LoggerMessage(2030, LogLevel.Error, "The model source failed; what is loaded stays, and it is asked again")]
    private static partial void LogSourceFailed(ILogger logger, Exception exception);

    [LoggerMessage(2031, LogLevel.Information, "Model {Model}: {Notice}")]
    private static partial void LogNotice(ILogger logger, string model, string notice);

    [LoggerMessage(2032, LogLevel.Warning, "Model {Model}: {Reference}")]
    private static partial void LogDeadReference(ILogger logger, string model, string reference);

    [LoggerMessage(2033, LogLevel.Warning, "Model {Model} is not served: {Reason}")]
    private static partial void LogNothingToServe(ILogger logger, string model, string reason);
}
