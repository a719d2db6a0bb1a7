using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Versions;

/// <summary>
/// Makes what is wished of each model true: works in the load lane, one model at a time, step by step as <see cref="VersionPlanner"/> says, and shows requests
/// each step by one write. Thread-safe.
/// </summary>
internal sealed partial class VersionManager : IAsyncDisposable
{
    private readonly ServableLoader _loader;
    private readonly LoadingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<VersionManager> _logger;
    private readonly InferenceMetrics _metrics;
    private readonly LoadLane _lane;
    private readonly LoadRetries _retries;
    private readonly Lock _drainGate = new();
    private readonly HashSet<Task> _drains = [];
    private int _startPending = 1;
    private volatile bool _isStopping;

    public VersionManager(
        ServableLoader loader, IOptions<LoadingOptions> options, InferenceMetrics metrics, TimeProvider time, ILogger<VersionManager> logger)
    {
        _metrics = metrics;
        _loader = loader;
        _options = options.Value;
        _time = time;
        _logger = logger;
        Budget = new ResidentBudget(_options);
        _lane = new LoadLane(_options.ParallelLoads, ReconcileAsync);
        _retries = new LoadRetries(_options, time, Retry);
    }

    /// <summary>What is in memory.</summary>
    public ResidentBudget Budget { get; }

    /// <summary>Whether the models of the first desired state have all been tried.</summary>
    public bool IsStarted => Volatile.Read(ref _startPending) == 0;

    /// <summary>The first desired state is known, and each of its eager models was changed with <c>countsForStart</c>.</summary>
    public void FirstStateIsKnown() => Interlocked.Decrement(ref _startPending);

    /// <summary>Changes what is wished of a model and sees to it that it comes true.</summary>
    /// <param name="model">The model.</param>
    /// <param name="change">Makes the new wish of the old one; runs under the model's gate.</param>
    /// <param name="urgent">Whether somebody waits for it.</param>
    /// <param name="countsForStart">Whether the server is ready only when it has been tried.</param>
    public void Change(ModelState model, Func<ModelWish, ModelWish> change, bool urgent = false, bool countsForStart = false)
    {
        lock (model.Gate)
        {
            Apply(model, change);
            model.Touch();
            if (countsForStart)
            {
                model.CountsForStart = true;
                Interlocked.Increment(ref _startPending);
            }

            _lane.Enqueue(model, urgent);
        }
    }

    /// <summary>As <see cref="Change"/>; the task completes when everything that can be done for the wish has been done, or the server stops.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotReady"/> when the server is stopping: nothing is loaded any more.</exception>
    public Task ChangeAsync(ModelState model, Func<ModelWish, ModelWish> change)
    {
        lock (model.Gate)
        {
            if (_isStopping)
            {
                throw new SlipwayException(ErrorCode.ModelNotReady, "Server not ready: it is shutting down");
            }

            Apply(model, change);
            Task done = model.Signal();
            _lane.Enqueue(model, urgent: true);
            return done;
        }
    }

    /// <summary>Stops loading; what is being loaded is finished or given up.</summary>
    public Task StopLoadingAsync()
    {
        _isStopping = true;
        return _lane.StopAsync();
    }

    /// <summary>Takes every version of the given models out of service, waits until they are idle, and frees them. After <see cref="StopLoadingAsync"/>.</summary>
    public async Task UnloadAllAsync(IEnumerable<ModelState> models)
    {
        foreach (ModelState model in models)
        {
            lock (model.Gate)
            {
                foreach (VersionState version in model.Versions)
                {
                    if (version.State == ServableState.Ready)
                    {
                        Drain(model, Retire(model, version, "the server is stopping"), version);
                    }
                }

                // Whoever still waits for a load waits in vain.
                model.Finish(long.MaxValue);
                model.Publish();
            }
        }

        Task[] drains;
        lock (_drainGate)
        {
            drains = [.. _drains];
        }

        await Task.WhenAll(drains);
    }

    public async ValueTask DisposeAsync()
    {
        _retries.Dispose();
        await _lane.DisposeAsync();
    }

    private void Apply(ModelState model, Func<ModelWish, ModelWish> change)
    {
        model.Wish = change(model.Wish);
        model.SyncVersions(_time.GetUtcNow());
        model.Publish();
    }

    private void Retry(ModelState model, long version)
    {
        lock (model.Gate)
        {
            if (model.Find(version) is { Refused: not null } state)
            {
                state.RetryDue = true;
                model.Wish = model.Wish.IsOnDemand ? model.Wish with { Demanded = model.Wish.Demanded.Add(version) } : model.Wish;
                model.Touch();
                _lane.Enqueue(model, urgent: false);
            }
        }
    }

    // The lane has set the model to Running: nobody else reconciles it.
    private async Task ReconcileAsync(ModelState model, CancellationToken stopping)
    {
        try
        {
            await StepThroughAsync(model, stopping);
        }
        catch (Exception exception)
        {
            // A bug; but one model's, and the lane is everybody's.
            LogBroken(_logger, exception, model.Name);
            lock (model.Gate)
            {
                EndPass(model, model.BeginPass());
            }
        }
    }

    private async Task StepThroughAsync(ModelState model, CancellationToken stopping)
    {
        while (true)
        {
            VersionAction action;
            lock (model.Gate)
            {
                long pass = model.BeginPass();
                action = stopping.IsCancellationRequested ? default : VersionPlanner.Next(model.Wish, model.View());
                if (action.Step == VersionStep.None)
                {
                    EndPass(model, pass);
                    return;
                }

                if (action.Step == VersionStep.Unload)
                {
                    VersionState version = model.Find(action.Version)!;
                    Servable servable = Retire(model, version, "unloaded");
                    model.Publish();
                    Drain(model, servable, version);
                    continue;
                }
            }

            await LoadAsync(model, action.Version, stopping);
        }
    }

    private void EndPass(ModelState model, long pass)
    {
        if (model.Wish.Problem is { } problem)
        {
            ShowProblem(model, problem);
        }

        model.Wish = model.Wish with { Demanded = [] };
        model.SyncVersions(_time.GetUtcNow());
        model.Publish();
        model.Lane = LaneStatus.Idle;
        if (model.CountsForStart)
        {
            model.CountsForStart = false;
            Interlocked.Decrement(ref _startPending);
        }

        model.Finish(pass);
    }

    private void ShowProblem(ModelState model, string problem)
    {
        LogProblem(_logger, model.Name, problem);
        foreach (VersionState version in model.Versions)
        {
            if (version.State is ServableState.Unknown or ServableState.Unloaded or ServableState.Failed
                && model.Wish.Source?.Versions.ContainsKey(version.Version) == true)
            {
                version.MoveTo(ServableState.Failed, _time.GetUtcNow(), problem, ErrorCode.InvalidConfiguration);
                version.Forgive();
            }
        }
    }

    private async Task LoadAsync(ModelState model, long number, CancellationToken stopping)
    {
        ModelArtifact artifact;
        ModelConfig config;
        LoadKey key;
        bool replaces;
        lock (model.Gate)
        {
            // The wish may have changed since the plan was made: then the next plan will say so.
            if (model.Wish.Source?.Versions.TryGetValue(number, out ModelArtifact? known) != true || model.Find(number) is not { } version)
            {
                return;
            }

            artifact = known!;
            config = model.Wish.Config;
            key = model.Wish.KeyOf(number);
            replaces = version.State == ServableState.Ready || model.HasStandIn;
            if (version.State != ServableState.Ready)
            {
                version.MoveTo(ServableState.Loading, _time.GetUtcNow());
            }
        }

        long started = _time.GetTimestamp();
        try
        {
            if (await MakeRoomAsync(model, artifact, replaces) is { } noRoom)
            {
                GiveUp(model, number, noRoom);
                return;
            }

            Servable servable = await _loader.LoadAsync(model.Name, number, artifact, config, () => ShowWarming(model, number), stopping);
            Budget.Add(servable, model);
            Servable? before;
            lock (model.Gate)
            {
                before = model.FindOrAdd(number, _time.GetUtcNow()).Publish(servable, key, _time.GetUtcNow());
                model.Publish();
            }

            Measure(model.Name, number, config, started, "ok");
            LogLoaded(_logger, model.Name, number, (long)_time.GetElapsedTime(started).TotalMilliseconds);
            if (before is not null)
            {
                Drain(model, before, version: null);
            }

            await TrimAsync(servable);
        }
        catch (Exception exception)
        {
            Measure(model.Name, number, config, started, "failed");
            Refuse(model, number, key, exception, stopping);
        }
    }

    private void Measure(string model, long version, ModelConfig config, long started, string result)
    {
        if (_metrics.LoadDuration.Enabled)
        {
            _metrics.LoadDuration.Record(
                _time.GetElapsedTime(started).TotalSeconds, MetricTags.Of(model, version, config, new("result", result)));
        }
    }

    // Nothing is wrong with the version: the next request may find room.
    private void GiveUp(ModelState model, long number, string reason)
    {
        lock (model.Gate)
        {
            model.Find(number)!.MoveTo(ServableState.Unknown, _time.GetUtcNow(), reason, ErrorCode.ModelNotReady);
            model.Wish = model.Wish with { Demanded = model.Wish.Demanded.Remove(number) };
        }
    }

    private void ShowWarming(ModelState model, long number)
    {
        lock (model.Gate)
        {
            if (model.Find(number) is { State: ServableState.Loading } version)
            {
                version.MoveTo(ServableState.Warming, _time.GetUtcNow());
            }
        }
    }

    private void Refuse(ModelState model, long number, LoadKey key, Exception exception, CancellationToken stopping)
    {
        SlipwayException fault = exception as SlipwayException
            ?? new SlipwayException(ErrorCode.Internal, $"version {number} of model '{model.Name}' could not be loaded: {exception.GetType().Name}", exception);
        lock (model.Gate)
        {
            if (model.Find(number) is not { } version)
            {
                // Evicted and dropped while its replacement was being loaded.
                return;
            }

            if (stopping.IsCancellationRequested)
            {
                if (version.State is ServableState.Loading or ServableState.Warming)
                {
                    version.MoveTo(ServableState.Unknown, _time.GetUtcNow(), "the server is stopping");
                }

                return;
            }

            version.Refuse(key, fault, _time.GetUtcNow());
            model.Publish();
            if (LoadRetries.MayPass(exception) && _retries.Plan(model, number, version.Attempts) is { } delay)
            {
                LogRefusedForNow(_logger, Unforeseen(exception), model.Name, number, version.Attempts, fault.Message, (long)delay.TotalMilliseconds);
                return;
            }
        }

        LogRefused(_logger, Unforeseen(exception), model.Name, number, fault.Message);
    }

    // An expected failure says all there is to say in its message; a stack is for bugs.
    private static Exception? Unforeseen(Exception exception) => exception is SlipwayException ? null : exception;

    [LoggerMessage(2001, LogLevel.Information, "Model {Model} version {Version} is ready after {Milliseconds} ms")]
    private static partial void LogLoaded(ILogger logger, string model, long version, long milliseconds);

    [LoggerMessage(2002, LogLevel.Warning, "Model {Model} version {Version} was not loaded: {Reason}")]
    private static partial void LogRefused(ILogger logger, Exception? exception, string model, long version, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "Model {Model} version {Version} was not loaded at attempt {Attempt}: {Reason}; next try in {Milliseconds} ms")]
    private static partial void LogRefusedForNow(ILogger logger, Exception? exception, string model, long version, int attempt, string reason, long milliseconds);

    [LoggerMessage(2004, LogLevel.Information, "Model {Model} version {Version} left service: {Reason}")]
    private static partial void LogRetired(ILogger logger, string model, long version, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "Model {Model} can't be served as configured, what is in service stays: {Problem}")]
    private static partial void LogProblem(ILogger logger, string model, string problem);

    [LoggerMessage(2007, LogLevel.Error, "Managing model {Model} failed; it stays as it is until it changes")]
    private static partial void LogBroken(ILogger logger, Exception exception, string model);

    [LoggerMessage(2006, LogLevel.Error, "Model {Model} could not be freed")]
    private static partial void LogNotFreed(ILogger logger, Exception exception, string model);
}
