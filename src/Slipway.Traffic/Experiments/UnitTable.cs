namespace Slipway.Traffic.Experiments;

/// <summary>
/// The units of an experiment, each once, in the order of their first request, and what is known of them. Bounded. Not thread-safe.
/// </summary>
/// <param name="metrics">Number of metrics.</param>
/// <param name="segments">Number of dimensions of segments.</param>
/// <param name="maxUnits">Most units; later ones are turned away and counted.</param>
internal sealed class UnitTable(int metrics, int segments, int maxUnits)
{
    /// <summary>Most values of one dimension that are told apart; the last stands for all others.</summary>
    public const int MaxSegmentValues = 20;

    private const string Others = "(others)";

    private readonly Dictionary<ulong, int> _positions = [];

    /// <summary>Hashes of the units' keys.</summary>
    public List<ulong> Keys { get; } = [];

    /// <summary>Positions of their arms.</summary>
    public List<byte> Arms { get; } = [];

    /// <summary>When they first asked, in ticks of UTC.</summary>
    public List<long> Since { get; } = [];

    /// <summary>What was known of them before; NaN: nothing.</summary>
    public List<double> Before { get; } = [];

    /// <summary>Values, metric by metric; NaN: none yet.</summary>
    public IReadOnlyList<List<double>> Values { get; } = [.. Enumerable.Range(0, metrics).Select(static _ => new List<double>())];

    /// <summary>Positions in <see cref="SegmentNames"/>, dimension by dimension.</summary>
    public IReadOnlyList<List<byte>> Segments { get; } = [.. Enumerable.Range(0, segments).Select(static _ => new List<byte>())];

    /// <summary>Values of segments, dimension by dimension, as they were first seen.</summary>
    public IReadOnlyList<List<string>> SegmentNames { get; } = [.. Enumerable.Range(0, segments).Select(static _ => new List<string>())];

    /// <summary>Entities that came when the table was full.</summary>
    public long TurnedAway { get; set; }

    /// <summary>Whether no more units are taken.</summary>
    public bool IsFull => Keys.Count >= maxUnits;

    /// <summary>Position of a unit; -1 when it takes no part.</summary>
    public int Find(ulong key) => _positions.GetValueOrDefault(key, -1);

    /// <summary>Takes a new unit; -1 when the table is full.</summary>
    public int Add(ulong key, int arm, DateTimeOffset now, double before, IReadOnlyList<string> segmentValues)
    {
        if (IsFull)
        {
            TurnedAway++;
            return -1;
        }

        for (int i = 0; i < Segments.Count; i++)
        {
            Segments[i].Add(SegmentOf(SegmentNames[i], segmentValues[i]));
        }

        foreach (List<double> column in Values)
        {
            column.Add(double.NaN);
        }

        _positions[key] = Keys.Count;
        Keys.Add(key);
        Arms.Add((byte)arm);
        Since.Add(now.UtcTicks);
        Before.Add(before);
        return Keys.Count - 1;
    }

    /// <summary>Builds the look-up of a table whose columns were read back.</summary>
    public void Index()
    {
        for (int i = 0; i < Keys.Count; i++)
        {
            _positions[Keys[i]] = i;
        }
    }

    private static byte SegmentOf(List<string> names, string value)
    {
        int known = names.IndexOf(value);
        if (known < 0 && names.Count < MaxSegmentValues)
        {
            names.Add(names.Count == MaxSegmentValues - 1 ? Others : value);
            known = names.Count - 1;
        }

        return (byte)(known < 0 ? MaxSegmentValues - 1 : known);
    }
}
