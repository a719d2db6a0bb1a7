using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>
/// A model and its versions. Everything but <see cref="Serving"/> is guarded by <see cref="Gate"/>; one lane at a time works on it. A model that is only
/// registered is no more than this object.
/// </summary>
internal sealed class ModelState(string name)
{
    // Versions that left the source and the memory are remembered for operators, up to this many.
    private const int MaxRemembered = 16;

    private readonly SortedDictionary<long, VersionState> _versions = new(Comparer<long>.Create(static (left, right) => right.CompareTo(left)));
    private readonly List<(long Pass, TaskCompletionSource Done)> _waiters = [];
    private volatile ServingTable _serving = ServingTable.Empty;
    private ModelWish _wish = new();
    private bool _isEvictable;
    private long _signalled;
    private long _finished;

    /// <summary>Guards the state. Held briefly, never while loading or running.</summary>
    public Lock Gate { get; } = new();

    public string Name => name;

    /// <summary>What requests reach; read without the gate.</summary>
    public ServingTable Serving => _serving;

    /// <summary>Whether its versions may be evicted; written with the wish, read without the gate.</summary>
    public bool IsEvictable => Volatile.Read(ref _isEvictable);

    public ModelWish Wish
    {
        get => _wish;
        set
        {
            _wish = value;
            Volatile.Write(ref _isEvictable, value.IsOnDemand);
        }
    }

    /// <summary>Labels set by hand; they win over configured ones of the same name.</summary>
    public IReadOnlyDictionary<string, long> SetLabels { get; set; } = new Dictionary<string, long>();

    /// <summary>Whether the model is in the lane's queue or being worked on.</summary>
    public LaneStatus Lane { get; set; }

    /// <summary>Whether the server is not ready before this model has been tried.</summary>
    public bool CountsForStart { get; set; }

    /// <summary>Every version known, largest first.</summary>
    public IReadOnlyCollection<VersionState> Versions => _versions.Values;

    /// <summary>Whether nothing is left of the model, so that it may be forgotten.</summary>
    public bool IsGone => Wish.Source is null && _versions.Values.All(static version =>
        version.State is ServableState.Unknown or ServableState.Unloaded or ServableState.Failed);

    /// <summary>Whether a version that is no longer chosen is in service until its successor is.</summary>
    public bool HasStandIn
    {
        get
        {
            IReadOnlyList<long> chosen = Wish.Chosen;
            return _versions.Values.Any(version => version.State == ServableState.Ready && !chosen.Contains(version.Version));
        }
    }

    /// <summary>Whether the last wish has not been worked off yet.</summary>
    public bool HasWork => _finished < _signalled;

    /// <summary>Notes that the wish has changed. The task completes when a pass that began afterwards has ended.</summary>
    public Task Signal()
    {
        _signalled++;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((_signalled, done));
        return done.Task;
    }

    /// <summary>As <see cref="Signal"/>, for callers that do not wait.</summary>
    public void Touch() => _signalled++;

    /// <summary>The number of the last change; to be handed to <see cref="Finish"/> by the pass that has worked it off.</summary>
    public long BeginPass() => _signalled;

    /// <summary>A pass has ended: whoever waited for it goes on.</summary>
    public void Finish(long pass)
    {
        _finished = pass;
        for (int i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Pass <= pass)
            {
                _waiters[i].Done.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    public VersionState? Find(long version) => _versions.GetValueOrDefault(version);

    /// <summary>The version, made known again if it was forgotten meanwhile.</summary>
    public VersionState FindOrAdd(long version, DateTimeOffset now)
    {
        if (!_versions.TryGetValue(version, out VersionState? state))
        {
            _versions.Add(version, state = new VersionState(version, now));
        }

        return state;
    }

    /// <summary>Adds versions that the source has come to know and forgets those that are gone for good.</summary>
    public void SyncVersions(DateTimeOffset now)
    {
        IReadOnlyDictionary<long, ModelArtifact>? known = Wish.Source?.Versions;
        foreach (long version in known?.Keys ?? [])
        {
            if (!_versions.ContainsKey(version))
            {
                _versions.Add(version, new VersionState(version, now));
            }
        }

        int remembered = 0;
        foreach (VersionState version in _versions.Values.Where(version => known?.ContainsKey(version.Version) != true).ToArray())
        {
            bool wasServed = version.State == ServableState.Unloaded && ++remembered <= MaxRemembered;
            if (!wasServed && version.State is ServableState.Unknown or ServableState.Failed or ServableState.Unloaded)
            {
                _versions.Remove(version.Version);
            }
        }
    }

    /// <summary>The versions as the planner sees them.</summary>
    public VersionView[] View() => [.. _versions.Values.Select(version =>
    {
        LoadKey? wanted = Wish.Source?.Versions.ContainsKey(version.Version) == true ? Wish.KeyOf(version.Version) : null;
        bool isReady = version.State == ServableState.Ready;
        return new VersionView(
            version.Version,
            isReady,
            isReady && wanted is not null && version.Loaded == wanted,
            IsRefused(version))
        {
            IsHeld = isReady && (_serving.Preferred?.Info.Version == version.Version || _serving.Labels.Values.Contains(version.Version)),
        };
    })];

    /// <summary>Whether the last load of a version has failed with what is wished of it now, and nothing says to try again.</summary>
    public bool IsRefused(VersionState version) => version is { Refused: { } refused, RetryDue: false }
        && Wish.Source?.Versions.ContainsKey(version.Version) == true && refused == Wish.KeyOf(version.Version);

    /// <summary>Makes what the versions are now visible to requests, by one write.</summary>
    public void Publish()
    {
        Servable[] ready = [.. _versions.Values.Where(static version => version.Servable is not null).Select(static version => version.Servable!)];
        Dictionary<string, long> labels = new(StringComparer.Ordinal);
        foreach ((string label, long version) in Wish.Config.Labels)
        {
            labels[label] = InForce(label, version, ready);
        }

        foreach ((string label, long version) in SetLabels)
        {
            labels[label] = version;
        }

        _serving = new ServingTable(Preferred(ready), ready, labels.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public ModelSnapshot ToSnapshot()
    {
        lock (Gate)
        {
            HashSet<long> chosen = [.. Wish.Chosen];
            bool loadsOnDemand = Wish.IsOnDemand && Wish.Problem is null;
            VersionSnapshot[] versions = [.. _versions.Values.Select(version =>
            {
                bool isChosen = chosen.Contains(version.Version);
                bool isWanted = isChosen && Wish.Control != ControlMode.Unloaded;
                return version.ToSnapshot(isWanted, isWanted && loadsOnDemand && !IsRefused(version), isLeftOut: !isChosen && Wish.Source?.Versions.ContainsKey(version.Version) == true);
            })];
            return new ModelSnapshot(name, Wish.Config, versions, _serving.Labels)
            {
                Problem = Wish.Problem ?? Wish.WhyNothing,
                Notices = [.. Wish.Source?.Notices.Where(notice => notice != Wish.Source.NothingToServe) ?? [], .. Wish.DeadReferences],
                IsChanging = HasWork,
            };
        }
    }

    // A label moves when the version that it moves to is in service: until then requests go where they went before.
    private long InForce(string label, long wished, Servable[] ready) =>
        Awaits(wished, ready) && _serving.Labels.TryGetValue(label, out long before) && Contains(ready, before) ? before : wished;

    // The default version, or the largest in service. A model loaded on demand answers with the one it is to serve, so that the answer does not depend on what
    // is in memory.
    private Servable? Preferred(Servable[] ready)
    {
        if (ready.Length > 0 && Wish.IsOnDemand)
        {
            foreach (long version in Wish.Preference)
            {
                VersionState? state = Find(version);
                if (state is null || !IsRefused(state))
                {
                    return state?.Servable ?? (ready.Any(servable => !Wish.Chosen.Contains(servable.Info.Version)) ? ready[0] : null);
                }
            }
        }

        if (Wish.Config.DefaultVersion is { } wished)
        {
            Servable? before = _serving.Preferred;
            return Array.Find(ready, servable => servable.Info.Version == wished)
                ?? (Awaits(wished, ready) && before is not null && Contains(ready, before.Info.Version)
                    ? Array.Find(ready, servable => servable.Info.Version == before.Info.Version)
                    : ready.FirstOrDefault());
        }

        return ready.Length > 0 ? ready[0] : null;
    }

    // Whether a version is to come into service and has not yet.
    private bool Awaits(long version, Servable[] ready) => !Contains(ready, version) && !Wish.IsOnDemand && Wish.Chosen.Contains(version);

    private static bool Contains(Servable[] ready, long version) => Array.Exists(ready, servable => servable.Info.Version == version);
}
