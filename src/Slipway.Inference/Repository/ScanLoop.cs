using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Repository;

/// <summary>
/// Looks again and again through a scanner and says what is to be served. Thread-safe: one look at a time. Looks happen on a thread of their own that gives way to
/// requests: a folder of many versions costs some milliseconds each time.
/// </summary>
internal sealed partial class ScanLoop(IModelScanner scanner, PollOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);

    private readonly SettleTracker _settle = new(time, options.SettleTime);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly WakeSignal _wake = new();
    private readonly Lazy<LaneScheduler> _lane = new(static () => new LaneScheduler("slipway-scan", threads: 1, givesWay: true));
    private Dictionary<string, OfferedModel> _offered = new(StringComparer.Ordinal);
    private DesiredState? _state;
    private TimeSpan _scanTime;
    private bool _isWaiting;
    private bool _unreadable;

    /// <summary>See <see cref="IModelSource.WatchAsync"/>.</summary>
    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using FolderEvents? events = options.UseEvents ? new FolderEvents(_wake) : null;
        DesiredState? last = null;
        while (true)
        {
            Task woken = _wake.Task;

            // What was put there just before the start is waited for, so that the first state is whole.
            DesiredState state = last is null ? await LookTwiceAsync(cancellationToken) : await LookAsync(cancellationToken);
            if (!ReferenceEquals(state, last))
            {
                last = state;
                yield return state;
            }

            // After the look: listening to thousands of folders takes a second to set up, and what is missed meanwhile the next poll finds.
            events?.Watch(scanner.Folders);
            await WaitAsync(woken, cancellationToken);
        }
    }

    /// <summary>See <see cref="IModelSource.RefreshAsync"/>. Whoever asks has just put something there: it gets the time to count as settled.</summary>
    public async ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken)
    {
        DesiredState state = await LookTwiceAsync(cancellationToken);
        _wake.Set();
        return state;
    }

    /// <summary>Does something that the next look is to see, with no look going on, then looks.</summary>
    public async ValueTask<DesiredState> ChangeAsync(Action change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            change();
        }
        finally
        {
            _gate.Release();
        }

        return await RefreshAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_lane.IsValueCreated)
        {
            _lane.Value.Dispose();
        }

        _gate.Dispose();
    }

    private async ValueTask<DesiredState> LookTwiceAsync(CancellationToken cancellationToken)
    {
        DesiredState state = await LookAsync(cancellationToken);
        if (!_isWaiting)
        {
            return state;
        }

        await Task.Delay(options.SettleTime + ShortestWait, time, cancellationToken);
        return await LookAsync(cancellationToken);
    }

    private async Task WaitAsync(Task woken, CancellationToken cancellationToken)
    {
        TimeSpan rest = _scanTime / Math.Clamp(options.MaxScanShare, 0.001, 1);
        TimeSpan least = rest > ShortestWait ? rest : ShortestWait;
        TimeSpan wanted = _isWaiting && options.SettleTime < options.PollInterval ? options.SettleTime : options.PollInterval;

        // Events come in swarms while a file is copied: one look answers them all.
        await Task.Delay(least, time, cancellationToken);
        if (wanted > least)
        {
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(woken, Task.Delay(wanted - least, time, done.Token));
            await done.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Looks once, now.</summary>
    public async ValueTask<DesiredState> LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            long start = Stopwatch.GetTimestamp();

            // Before the first look nothing is served that it could disturb, and a busy machine would keep it waiting.
            DesiredState state = _state is null ? Look() : await _lane.Value.RunAsync(Look);
            _scanTime = Stopwatch.GetElapsedTime(start);
            return state;
        }
        finally
        {
            _gate.Release();
        }
    }

    private DesiredState Look()
    {
        IReadOnlyDictionary<string, ModelListing> listings;
        try
        {
            listings = scanner.Scan();
        }
        catch (Exception fault) when (fault is SlipwayException or IOException or UnauthorizedAccessException)
        {
            // A volume that is being remounted must not unload everything.
            if (!_unreadable)
            {
                Log.Unreadable(logger, string.Join(", ", scanner.Folders), fault.Message);
            }

            _unreadable = true;
            return _state ??= new DesiredState(new Dictionary<string, DesiredModel>());
        }

        _unreadable = false;
        _settle.BeginLook();
        Dictionary<string, OfferedModel> offered = new(listings.Count, StringComparer.Ordinal);
        bool changed = _state is null || listings.Count != _offered.Count;
        foreach ((string name, ModelListing listing) in listings)
        {
            OfferedModel? before = _offered.GetValueOrDefault(name);
            OfferedModel now = OfferedModel.From(listing, before, _settle, options.Defaults);
            offered.Add(name, now);
            changed |= !ReferenceEquals(before?.Model, now.Model);
        }

        _settle.EndLook();
        _isWaiting = _settle.IsWaiting;
        _offered = offered;
        return changed || _state is null
            ? _state = new DesiredState(offered.ToDictionary(static pair => pair.Key, static pair => pair.Value.Model, StringComparer.Ordinal))
            : _state;
    }

    private static partial class Log
    {
        [LoggerMessage(2500, LogLevel.Warning, "The models folder {Path} can't be read: {Reason}. What is served stays as it is.")]
        public static partial void Unreadable(ILogger logger, string path, string reason);
    }
}
