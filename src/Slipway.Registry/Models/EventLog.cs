using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Events in the database: written in the transaction of the change that they tell, never altered.</summary>
internal static class EventLog
{
    public const string Columns = "sequence, occurred_at as OccurredAt, actor, kind, model_id as ModelId, model, version, reason, detail";

    /// <summary>
    /// The time of a change, in milliseconds since 1970: now, or that of the newest event when the clock has gone back since, for the past is told by times and must stay in order.
    /// </summary>
    public static async Task<long> TimeAsync(RegistrySession session, long now) =>
        Math.Max(now, await session.NumberAsync("select occurred_at from events order by sequence desc limit 1") ?? 0);

    /// <summary>Writes an event.</summary>
    public static Task WriteAsync(RegistrySession session, long time, ChangeContext change, string kind, ModelRow model, long? version, EventDetail detail) =>
        session.ExecuteAsync(
            """
            insert into events (occurred_at, actor, kind, model_id, model, version, reason, detail)
            values (@time, @Actor, @kind, @Id, @Name, @version, @Reason, @detail)
            """,
            new { time, change.Actor, kind, model.Id, model.Name, version, change.Reason, detail = detail.ToJson() });
}

/// <summary>A row of <c>events</c>.</summary>
internal sealed class EventRow
{
    public long Sequence { get; set; }

    public long OccurredAt { get; set; }

    public string Actor { get; set; } = "";

    public string Kind { get; set; } = "";

    public long? ModelId { get; set; }

    public string? Model { get; set; }

    public long? Version { get; set; }

    public string? Reason { get; set; }

    public string Detail { get; set; } = "";

    public RegistryEvent ToEvent() => new(Sequence, DateTimeOffset.FromUnixTimeMilliseconds(OccurredAt), Actor, Kind, Model, Version, Reason, Detail);
}
