using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Tells the past of a model by replaying its events, also of one that has another name now or is gone.</summary>
internal sealed class HistoryQueries(RegistryStore store, ManifestTable manifests)
{
    private const int EventsAtOnce = 5000;

    public Task<ModelHistory?> GetAsync(string name, DateTimeOffset time, CancellationToken cancellationToken)
    {
        long until = time.ToUnixTimeMilliseconds();
        return store.ReadAsync(async session =>
        {
            // Who bore the name then; else who bears it now or was the last to bear it, by whatever name it went then.
            foreach (long id in (await session.QueryAsync<long>(BearersOfName, new { name, until })).Distinct())
            {
                ModelPast past = await ReplayAsync(session, id, until);
                if (past.Name == name)
                {
                    return past.ToHistory(await manifests.LoadAsync(session, past.Digests));
                }
            }

            foreach (long id in (await session.QueryAsync<long>(LaterBearersOfName, new { name, until })).Distinct())
            {
                ModelPast past = await ReplayAsync(session, id, until);
                if (past.Name is not null)
                {
                    return past.ToHistory(await manifests.LoadAsync(session, past.Digests));
                }
            }

            return null;
        }, cancellationToken);
    }

    // Only the last that got the name by then can have borne it then.
    private const string BearersOfName =
        $"""
        select model_id from events where model = @name and kind in ('{RegistryEventKinds.ModelCreated}', '{RegistryEventKinds.ModelRenamed}') and occurred_at <= @until
        order by sequence desc limit 1
        """;

    private const string LaterBearersOfName =
        $"""
        select model_id from events where model = @name and kind in ('{RegistryEventKinds.ModelCreated}', '{RegistryEventKinds.ModelRenamed}') and occurred_at > @until
        order by sequence desc
        """;

    /// <summary>The model after its last event up to a time in milliseconds since 1970.</summary>
    public static async Task<ModelPast> ReplayAsync(RegistrySession session, long model, long until)
    {
        ModelPast past = new();
        long after = 0;
        while (true)
        {
            List<EventRow> rows = await session.QueryAsync<EventRow>(
                $"select {EventLog.Columns} from events where model_id = @model and sequence > @after and occurred_at <= @until order by sequence limit {EventsAtOnce}",
                new { model, after, until });
            foreach (EventRow row in rows)
            {
                past.Apply(row.ToEvent());
                after = row.Sequence;
            }

            if (rows.Count < EventsAtOnce)
            {
                return past;
            }
        }
    }
}
