using Slipway.Core;

namespace Slipway.Registry.Tracking;

/// <summary>A row of a table of metrics.</summary>
internal sealed class MetricRow
{
    public const string Columns =
        "key, occurred_at as OccurredAt, step, is_nan as IsNan, value, logged_model_id as LoggedModelId, dataset_name as DatasetName, dataset_digest as DatasetDigest";

    public MetricRow()
    {
    }

    public MetricRow(long owner, MetricPoint point)
    {
        Owner = owner;
        Key = point.Key;
        OccurredAt = point.Timestamp;
        Step = point.Step;
        IsNan = double.IsNaN(point.Value) ? 1 : 0;

        // Zero and minus zero are one value, to the databases as to the rule that equal points count once.
        Value = double.IsNaN(point.Value) || point.Value == 0 ? 0 : point.Value;
        LoggedModelId = point.ModelId;
        DatasetName = point.DatasetName;
        DatasetDigest = point.DatasetDigest;
    }

    public long Owner { get; set; }

    public string Key { get; set; } = "";

    public long OccurredAt { get; set; }

    public long Step { get; set; }

    public long IsNan { get; set; }

    public double Value { get; set; }

    public string? RunId { get; set; }

    public string? LoggedModelId { get; set; }

    public string? DatasetName { get; set; }

    public string? DatasetDigest { get; set; }

    /// <summary>Whether this is the later point: larger step, then time, then value, where a number is more than none.</summary>
    public bool IsLaterThan(MetricRow other) =>
        (Step, OccurredAt, -IsNan, Value).CompareTo((other.Step, other.OccurredAt, -other.IsNan, other.Value)) > 0;

    public MetricPoint ToPoint(string? runId) => new(Key, IsNan != 0 ? double.NaN : Value, OccurredAt, Step)
    {
        RunId = runId,
        ModelId = LoggedModelId,
        DatasetName = DatasetName,
        DatasetDigest = DatasetDigest,
    };
}
