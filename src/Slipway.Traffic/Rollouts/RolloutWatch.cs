using Slipway.Traffic.Arms;
using Slipway.Traffic.Routing;
using Slipway.Traffic.Shadowing;

namespace Slipway.Traffic.Rollouts;

/// <summary>Counts what both versions of one rollout do, step by step. Not thread-safe.</summary>
internal sealed class RolloutWatch
{
    private const long SamplesForSlow = 200;
    private const double SlowQuantile = 0.95;

    private readonly RolloutPolicy _policy;
    private readonly List<StageCounts> _done;
    private StageCounts _carried;
    private Reading _base;
    private Reading _timedBase;
    private StageCounts _last;

    private RolloutWatch(RolloutPolicy policy, List<StageCounts> done, StageCounts carried, int? slowAbove, Reading start)
    {
        (_policy, _done, _carried, _last, SlowAbove, _base, _timedBase) = (policy, done, carried, carried, slowAbove, start, start);
    }

    /// <summary>Bucket above which a request is slow, once known.</summary>
    public int? SlowAbove { get; private set; }

    /// <summary>Begins, or goes on after a restart with what was counted before.</summary>
    public static RolloutWatch Begin(RolloutState state, EndpointStatus endpoint)
    {
        int? slowAbove = state.SlowAbove ?? (state.Policy.SlowAfter is { } limit ? LatencySketch.BucketOf(limit) : null);
        StageCounts? carried = state.Stages.LastOrDefault(stage => stage.Step == state.Step);
        return new RolloutWatch(
            state.Policy,
            [.. state.Stages.Where(stage => stage.Step != state.Step)],
            carried ?? Empty(state),
            slowAbove,
            Reading.Of(endpoint, state.Arm));
    }

    /// <summary>Goes to another step.</summary>
    public void Step(RolloutState state, EndpointStatus endpoint)
    {
        // What was seen last counts: by now the routes are those of the next step, and the shadow may be gone.
        _done.Add(_last);
        _carried = _last = Empty(state);
        _base = _timedBase = Reading.Of(endpoint, state.Arm);
    }

    /// <summary>All steps, the present one last.</summary>
    /// <param name="endpoint">The endpoint now.</param>
    /// <param name="arm">Name of the old version's arm.</param>
    /// <param name="learns">Whether this replica says what is slow once it knows; others adopt it.</param>
    public IReadOnlyList<StageCounts> Look(EndpointStatus endpoint, string arm, bool learns)
    {
        Reading now = Reading.Of(endpoint, arm);
        if (learns)
        {
            LearnSlow(now);
        }

        _last = Now(now);
        return [.. _done, _last];
    }

    /// <summary>Takes over what another replica has learnt to be slow; counted from then on.</summary>
    public void Adopt(int slowAbove, EndpointStatus endpoint, string arm) => (SlowAbove, _timedBase) = (slowAbove, Reading.Of(endpoint, arm));

    /// <summary>What is slow is learnt from the old version once, and counted from then on: requests that it was learnt from don't count, which keeps the test honest.</summary>
    private void LearnSlow(Reading now)
    {
        if (SlowAbove is not null)
        {
            return;
        }

        long[] latencies = Difference(now.OldLatencies, _base.OldLatencies);
        if (latencies.Sum() >= SamplesForSlow)
        {
            TimeSpan usual = LatencySketch.UpperOf(LatencySketch.QuantileBucket(latencies, SlowQuantile));
            SlowAbove = LatencySketch.BucketOf(usual * (1 + _policy.Slowdown));
            _timedBase = now;
        }
    }

    private StageCounts Now(Reading now) => _carried.Plus(_carried with
    {
        Old = Side(now.Old, _base.Old, now.OldLatencies, _timedBase.OldLatencies),
        New = Side(now.New, _base.New, now.NewLatencies, _timedBase.NewLatencies),
        Pairs = Pairs(now.Shadow, _base.Shadow),
    });

    private SideCounts Side(ArmCounts now, ArmCounts start, long[] latencies, long[] timedStart)
    {
        long[] timed = Difference(latencies, timedStart);
        long failures = now.DividedFailures - start.DividedFailures;
        return new SideCounts(
            now.DividedAnswers - start.DividedAnswers + failures,
            failures,
            SlowAbove is null ? 0 : timed.Sum(),
            SlowAbove is { } bucket ? LatencySketch.CountAbove(timed, bucket) : 0,
            now.Divided - start.Divided);
    }

    private static PairCounts Pairs(ShadowCounts now, ShadowCounts start)
    {
        long copies = now.Copies - start.Copies;
        long failures = now.Failures - start.Failures;
        return new PairCounts(copies, failures, copies - failures, now.Disagreeing - start.Disagreeing + now.NotComparable - start.NotComparable);
    }

    private static long[] Difference(long[] now, long[] start) => [.. now.Zip(start, static (a, b) => a - b)];

    private static StageCounts Empty(RolloutState state) => new(state.Step, (state.Current?.Weight ?? 100) / 100, default, default, default);

    /// <summary>Counters at one moment.</summary>
    private sealed record Reading(ArmCounts Old, ArmCounts New, long[] OldLatencies, long[] NewLatencies, ShadowCounts Shadow)
    {
        private static readonly long[] NoLatencies = new long[LatencySketch.Buckets];

        public static Reading Of(EndpointStatus endpoint, string arm)
        {
            ArmMeter? old = endpoint.Arms.FirstOrDefault(one => one.Definition.Name == arm)?.Meter;
            ArmMeter? next = endpoint.Arms.FirstOrDefault(static one => one.Definition.Name == RolloutRoutes.Candidate)?.Meter;
            ShadowMeter? shadow = endpoint.Shadows.FirstOrDefault(static one => one.Definition.Name == RolloutRoutes.Candidate)?.Meter;
            return new Reading(
                old?.Snapshot() ?? default,
                next?.Snapshot() ?? default,
                old?.DividedLatency.Snapshot() ?? NoLatencies,
                next?.DividedLatency.Snapshot() ?? NoLatencies,
                shadow?.Snapshot() ?? default);
        }
    }
}
