using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>
/// Models in a folder: looked at again and again, sooner when the file system reports a change, and offered once their files have come to rest.
/// A look that finds the models folder itself gone keeps the last state.
/// </summary>
public sealed partial class FolderModelSource : IModelSource, IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);

    private readonly FolderModelSourceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FolderScanner _scanner;
    private readonly SettleTracker _settle;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly WakeSignal _wake = new();
    private Dictionary<string, OfferedModel> _offered = new(StringComparer.Ordinal);
    private DesiredState? _state;
    private TimeSpan _scanTime;
    private bool _isWaiting;
    private bool _folderMissing;

    /// <summary>Makes a source; nothing is looked at before <see cref="WatchAsync"/> or <see cref="RefreshAsync"/>.</summary>
    public FolderModelSource(FolderModelSourceOptions options, TimeProvider time, ILogger<FolderModelSource> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _scanner = new FolderScanner(options, time);
        _settle = new SettleTracker(time, options.SettleTime);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using FolderEvents? events = _options.UseEvents ? FolderEvents.TryStart(_options.Path, _wake) : null;
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

            await WaitAsync(woken, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken)
    {
        // Whoever asks has just put something there: it gets the time to count as settled.
        DesiredState state = await LookTwiceAsync(cancellationToken);
        _wake.Set();
        return state;
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async ValueTask<DesiredState> LookTwiceAsync(CancellationToken cancellationToken)
    {
        DesiredState state = await LookAsync(cancellationToken);
        if (!_isWaiting)
        {
            return state;
        }

        await Task.Delay(_options.SettleTime + ShortestWait, _time, cancellationToken);
        return await LookAsync(cancellationToken);
    }

    private async Task WaitAsync(Task woken, CancellationToken cancellationToken)
    {
        TimeSpan rest = _scanTime / Math.Clamp(_options.MaxScanShare, 0.001, 1);
        TimeSpan least = rest > ShortestWait ? rest : ShortestWait;
        TimeSpan wanted = _isWaiting && _options.SettleTime < _options.PollInterval ? _options.SettleTime : _options.PollInterval;

        // Events come in swarms while a file is copied: one look answers them all.
        await Task.Delay(least, _time, cancellationToken);
        if (wanted > least)
        {
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(woken, Task.Delay(wanted - least, _time, done.Token));
            await done.CancelAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async ValueTask<DesiredState> LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            long start = Stopwatch.GetTimestamp();
            DesiredState state = Look();
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
            listings = _scanner.Scan();
        }
        catch (Exception fault) when (fault is SlipwayException or IOException or UnauthorizedAccessException)
        {
            // A volume that is being remounted must not unload everything.
            if (!_folderMissing)
            {
                Log.FolderUnreadable(_logger, _options.Path, fault.Message);
            }

            _folderMissing = true;
            return _state ??= new DesiredState(new Dictionary<string, DesiredModel>());
        }

        _folderMissing = false;
        _settle.BeginLook();
        Dictionary<string, OfferedModel> offered = new(listings.Count, StringComparer.Ordinal);
        bool changed = _state is null || listings.Count != _offered.Count;
        foreach ((string name, ModelListing listing) in listings)
        {
            OfferedModel? before = _offered.GetValueOrDefault(name);
            OfferedModel now = OfferedModel.From(listing, before, _settle, _options.Defaults);
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
        public static partial void FolderUnreadable(ILogger logger, string path, string reason);
    }
}
