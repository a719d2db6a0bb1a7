using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>
/// Finds the series of a measurement by its tags, without a lock or an allocation once the same tag objects have been seen. Thread-safe.
/// Beyond a bound on series, new label sets share one overflow series, as OpenTelemetry's SDKs do.
/// </summary>
internal sealed class SeriesTable<TSeries>(int maxSeries, KeyValuePair<string, object?>[] fixedTags, Func<TSeries> create)
    where TSeries : class
{
    /// <summary>Label of the series that takes what the bound keeps out.</summary>
    public const string OverflowLabel = "otel_metric_overflow";

    private const int RecentSize = 512;

    // Tags seen lately, by the identity of their values: a direct-mapped cache, overwritten at will, so it stays small whatever callers pass.
    private readonly Recent?[] _recent = new Recent?[RecentSize];
    private readonly ConcurrentDictionary<string, Entry> _series = new(StringComparer.Ordinal);
    private Entry? _untagged;

    /// <summary>All series, in no order.</summary>
    public IEnumerable<(LabelSet Labels, TSeries Series)> All => _series.Values.Select(static entry => (entry.Labels, entry.Series));

    /// <summary>The series of these tags, made when they are new.</summary>
    public TSeries Get(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return (_untagged ??= Add(tags)).Series;
        }

        ref Recent? slot = ref _recent[Hash(tags) & (RecentSize - 1)];
        Recent? recent = Volatile.Read(ref slot);
        return recent is not null && recent.Matches(tags) ? recent.Series : Find(tags, ref slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, ref Recent? slot)
    {
        TSeries series = Add(tags).Series;
        Volatile.Write(ref slot, new Recent(tags.ToArray(), series));
        return series;
    }

    private Entry Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        LabelSet labels = LabelSet.Of([.. tags, .. fixedTags]);
        if (_series.TryGetValue(labels.Text, out Entry? known))
        {
            return known;
        }

        // Racing threads may overshoot the bound by their number; it is a bound on memory, not a count.
        if (_series.Count >= maxSeries)
        {
            labels = LabelSet.Of(new KeyValuePair<string, object?>(OverflowLabel, "true"));
        }

        return _series.GetOrAdd(labels.Text, static (_, state) => new Entry(state.labels, state.create()), (labels, create));
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        uint hash = 0;
        foreach (ref readonly KeyValuePair<string, object?> tag in tags)
        {
            // Strings by identity: labels come from a few long-lived objects. Boxed values are new each time, so by value.
            int part = tag.Value is null or string ? RuntimeHelpers.GetHashCode(tag.Value) : tag.Value.GetHashCode();
            hash = (hash * 31) + (uint)part;
        }

        return (int)(hash ^ (hash >> 9) ^ (hash >> 18));
    }

    private sealed record Entry(LabelSet Labels, TSeries Series);

    private sealed class Recent(KeyValuePair<string, object?>[] tags, TSeries series)
    {
        public TSeries Series => series;

        public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> others)
        {
            if (others.Length != tags.Length)
            {
                return false;
            }

            for (int i = 0; i < tags.Length; i++)
            {
                ref readonly KeyValuePair<string, object?> mine = ref tags[i];
                ref readonly KeyValuePair<string, object?> other = ref others[i];
                if (!ReferenceEquals(mine.Value, other.Value) && (mine.Value is null or string || !mine.Value.Equals(other.Value)))
                {
                    return false;
                }

                if (!ReferenceEquals(mine.Key, other.Key) && mine.Key != other.Key)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
