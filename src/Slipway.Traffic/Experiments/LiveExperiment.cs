using System.Globalization;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Experiments;

/// <summary>An experiment at work: its state and its units. Thread-safe.</summary>
internal sealed class LiveExperiment
{
    private const int MaxRequestIds = 100_000;
    private const int MaxSegmentLength = 64;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly UnitTable _units;
    private readonly Dictionary<string, ulong> _requests = new(StringComparer.Ordinal);
    private readonly Queue<string> _requestOrder = new();
    private readonly int _latency;
    private readonly int _errors;
    private ExperimentState _state;
    private long _changes;
    private long _looked = -1;
    private long _saved = -1;

    public LiveExperiment(ExperimentState state, UnitTable? units, TimeProvider time)
    {
        (_state, _time) = (state, time);
        _units = units ?? new UnitTable(Definition.Metrics.Count, Definition.Segments.Count, Definition.MaxUnits);
        _units.TurnedAway = state.TurnedAway;
        (_latency, _errors) = (Definition.IndexOf(MetricDefinition.Latency), Definition.IndexOf(MetricDefinition.Errors));
    }

    /// <summary>What it is.</summary>
    public ExperimentDefinition Definition => _state.Definition;

    /// <summary>The state now.</summary>
    public ExperimentState State => Volatile.Read(ref _state);

    /// <summary>An entity was assigned; its first time makes it a unit.</summary>
    public void Expose(StickyAssignment assignment, InferenceRequest request)
    {
        ExperimentState state = State;
        if (state.Phase != ExperimentPhase.Running || IndexOf(state.Arms, assignment.Arm) is not (>= 0 and var arm))
        {
            return;
        }

        lock (_gate)
        {
            if (_units.Find(assignment.Entity) < 0)
            {
                _units.Add(
                    assignment.Entity,
                    arm,
                    _time.GetUtcNow(),
                    Definition.Covariate is { } source && double.TryParse(KeyReader.TextOf(request, source), NumberStyles.Float, CultureInfo.InvariantCulture, out double before) && double.IsFinite(before) ? before : double.NaN,
                    [.. Definition.Segments.Select(segment => Shorten(KeyReader.TextOf(request, segment) ?? "(none)"))]);
                _changes++;
            }

            if (RequestName.Of(request) is { Length: > 0 } id)
            {
                Remember(id, assignment.Entity);
            }
        }
    }

    /// <summary>A request of an entity was answered or failed.</summary>
    public void Finish(StickyAssignment assignment, TimeSpan duration, bool hasFailed)
    {
        if (_errors >= 0)
        {
            First(assignment.Entity, _errors, hasFailed ? 1 : 0);
        }

        if (_latency >= 0 && !hasFailed)
        {
            First(assignment.Entity, _latency, duration.TotalSeconds);
        }
    }

    /// <summary>Takes a report; false when it is about something else, or came too late.</summary>
    public bool Take(Feedback feedback)
    {
        int metric = Definition.IndexOf(feedback.Metric);
        if (metric < 0 || Definition.Metrics[metric].IsMeasured || State.Phase != ExperimentPhase.Running)
        {
            return false;
        }

        lock (_gate)
        {
            ulong key;
            if (feedback.EntityKey is { } entity)
            {
                key = KeyHash.Of(entity);
            }
            else if (!_requests.TryGetValue(feedback.RequestId ?? "", out key))
            {
                return false;
            }

            int unit = _units.Find(key);
            DateTimeOffset time = feedback.Time ?? _time.GetUtcNow();
            if (unit < 0 || time.UtcTicks < _units.Since[unit])
            {
                return false;
            }

            double known = _units.Values[metric][unit];
            if (Definition.Metrics[metric].Window is { } window)
            {
                // What comes after the window would change a unit that has been counted.
                if (_time.GetUtcNow().UtcTicks - _units.Since[unit] >= window.Ticks)
                {
                    return false;
                }

                _units.Values[metric][unit] = (double.IsNaN(known) ? 0 : known) + feedback.Value;
            }
            else if (double.IsNaN(known))
            {
                _units.Values[metric][unit] = feedback.Value;
            }

            _changes++;
            return true;
        }
    }

    /// <summary>Changes the state.</summary>
    public void Change(Func<ExperimentState, ExperimentState> change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _state, change(_state) with { TurnedAway = _units.TurnedAway });
            _changes++;
        }
    }

    /// <summary>Looks at the units when anything may have changed; true when something new was concluded.</summary>
    public bool Look()
    {
        ExperimentState before = State;
        if (before.Phase != ExperimentPhase.Running)
        {
            return false;
        }

        ExperimentSample sample;
        bool isFull;
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate)
        {
            bool ripens = Definition.Metrics.Any(static metric => metric.Window is not null);
            if (_changes == _looked && !ripens && now - before.Started < Definition.MaxDuration)
            {
                return false;
            }

            (sample, isFull, _looked) = (new ExperimentSample(_units), _units.IsFull, _changes);
        }

        ExperimentState after = ExperimentMachine.Look(before, sample, isFull, now);
        lock (_gate)
        {
            // Somebody stopped it meanwhile: that stands.
            if (!ReferenceEquals(before, _state))
            {
                return false;
            }

            Volatile.Write(ref _state, after with { TurnedAway = _units.TurnedAway });
            bool isNew = after.Log.Count > before.Log.Count;
            _saved = isNew ? -1 : _saved;
            return isNew;
        }
    }

    /// <summary>Bytes to be kept; null when nothing has changed since they were last asked for.</summary>
    public byte[]? Save()
    {
        lock (_gate)
        {
            if (_saved == _changes)
            {
                return null;
            }

            _saved = _changes;
            return ExperimentRecord.Write(_state, _units);
        }
    }

    /// <summary>What was saved last was not kept.</summary>
    public void SaveFailed()
    {
        lock (_gate)
        {
            _saved = -1;
        }
    }

    private void First(ulong entity, int metric, double value)
    {
        lock (_gate)
        {
            if (_units.Find(entity) is >= 0 and var unit && double.IsNaN(_units.Values[metric][unit]) && _state.Phase == ExperimentPhase.Running)
            {
                _units.Values[metric][unit] = value;
                _changes++;
            }
        }
    }

    private void Remember(string id, ulong entity)
    {
        if (_requests.TryAdd(id, entity))
        {
            _requestOrder.Enqueue(id);
            if (_requestOrder.Count > MaxRequestIds)
            {
                _requests.Remove(_requestOrder.Dequeue());
            }
        }
    }

    private static string Shorten(string text) => text.Length <= MaxSegmentLength ? text : text[..MaxSegmentLength];

    private static int IndexOf(IReadOnlyList<string> arms, string arm)
    {
        for (int i = 0; i < arms.Count; i++)
        {
            if (arms[i] == arm)
            {
                return i;
            }
        }

        return -1;
    }
}
