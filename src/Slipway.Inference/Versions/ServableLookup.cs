using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>Finds the servable that a request means and leases it; has it loaded first where that is the policy. Thread-safe.</summary>
internal sealed class ServableLookup(ModelDirectory directory, VersionManager manager, TimeProvider time)
{
    // A version may be evicted between being loaded and being leased. That it happens time and again means thrashing: better to say so.
    private const int MaxLoadsPerRequest = 5;

    // Timers have a limit; nobody waits that long for an answer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Leases what is in service now; null when there is a reason to take the slow way.</summary>
    public Servable? TryLease(string name, VersionSelector version, long now) =>
        directory.TryGet(name, out ModelState? model) && model.Serving.Find(version) is { } servable && servable.TryAcquire(now) ? servable : null;

    /// <summary>Leases the version meant, to be given back with <see cref="Servable.Release"/>; waits for it to be loaded where that is the policy.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Which version is meant.</param>
    /// <param name="deadline">Timestamp at which the caller stops waiting; null: never.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <exception cref="SlipwayException">There is no such model or version, or it can't be had now, or not in time.</exception>
    public async ValueTask<Servable> LeaseAsync(string name, VersionSelector version, long? deadline, CancellationToken cancellationToken)
    {
        for (int loads = 0; ; loads++)
        {
            if (TryLease(name, version, time.GetTimestamp()) is { } servable)
            {
                return servable;
            }

            if (!directory.TryGet(name, out ModelState? model))
            {
                throw new SlipwayException(ErrorCode.ModelNotFound, $"Request for unknown model: '{name}' is not found");
            }

            Task loaded = Demand(model, version, isFirst: loads == 0);
            if (loads == MaxLoadsPerRequest)
            {
                throw NotReady(model, $"model '{name}' is evicted as soon as it is loaded: the memory budget is too small for what is asked");
            }

            await WaitAsync(loaded, deadline, cancellationToken);
        }
    }

    private async Task WaitAsync(Task loaded, long? deadline, CancellationToken cancellationToken)
    {
        if (deadline is not { } end)
        {
            await loaded.WaitAsync(cancellationToken);
            return;
        }

        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), end);
        TimeSpan patience = left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestWait ? left : LongestWait;
        try
        {
            await loaded.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new SlipwayException(ErrorCode.DeadlineExceeded, "Request timeout expired", exception);
        }
    }

    private Task Demand(ModelState model, VersionSelector selector, bool isFirst)
    {
        lock (model.Gate)
        {
            long number = Resolve(model, selector);
            VersionState? state = model.Find(number);
            if (state?.State == ServableState.Ready)
            {
                // It came into service a moment ago.
                return Task.CompletedTask;
            }

            if (!model.Wish.IsOnDemand || model.Wish.Problem is not null || !model.Wish.Chosen.Contains(number) || (state is not null && model.IsRefused(state)))
            {
                throw Explain(model, number, state);
            }

            if (!isFirst && state is { State: ServableState.Unknown, Error: not null })
            {
                // It was tried for this request, and given up for want of room.
                throw new SlipwayException(ErrorCode.ModelNotReady, state.Reason!) { RetryAfter = RetryAfter };
            }

            return manager.ChangeAsync(model, wish => wish with { Demanded = wish.Demanded.Add(number) });
        }
    }

    // A version number, whether or not there is such a version.
    private static long Resolve(ModelState model, VersionSelector selector)
    {
        if (selector.Number is { } number)
        {
            return number;
        }

        if (selector.Label is { } label)
        {
            return model.Serving.Labels.TryGetValue(label, out long labelled)
                ? labelled
                : throw new SlipwayException(ErrorCode.VersionNotFound, $"Request for unknown model: '{model.Name}' has no label '{label}'");
        }

        IReadOnlyList<long> chosen = model.Wish.Preference;
        if (chosen.Count == 0)
        {
            throw model.Wish.Source is null
                ? new SlipwayException(ErrorCode.ModelNotFound, $"Request for unknown model: '{model.Name}' is not found")
                : NotReady(model, model.Wish.Problem ?? $"model '{model.Name}' {model.Wish.WhyNothingIsChosen}");
        }

        foreach (long version in chosen)
        {
            if (model.Find(version) is not { } state || !model.IsRefused(state))
            {
                return version;
            }
        }

        return chosen[0];
    }

    private static SlipwayException Explain(ModelState model, long number, VersionState? state) => state switch
    {
        null => new SlipwayException(ErrorCode.VersionNotFound, $"Request for unknown model: '{model.Name}' version {number} is not found"),
        { State: ServableState.Failed } => NotReady(model, $"model '{model.Name}' version {number} is not ready: {state.Reason}"),
        _ when model.Wish.Control == ControlMode.Unloaded => NotReady(model, $"model '{model.Name}' is not ready: it was unloaded"),
        { State: ServableState.Unknown } when !model.Wish.Chosen.Contains(number) =>
            new SlipwayException(ErrorCode.VersionNotFound, $"model '{model.Name}' version {number} is not served: its version policy leaves it out"),
        _ => NotReady(model, $"model '{model.Name}' version {number} is not ready: {state.State.ToString().ToLowerInvariant()}"),
    };

    private static SlipwayException NotReady(ModelState model, string message) =>
        new(ErrorCode.ModelNotReady, message) { RetryAfter = model.HasWork ? RetryAfter : null };
}
