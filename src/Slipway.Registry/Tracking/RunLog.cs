using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;

namespace Slipway.Registry.Tracking;

/// <summary>What runs log: metrics, parameters and tags, all of a batch or nothing.</summary>
internal sealed class RunLog(RegistryStore store)
{
    public Task LogAsync(string runId, RunBatch batch, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        StoredText.Pairs(batch.Parameters, "parameter");
        StoredText.Pairs(batch.Tags, "tag");
        foreach (MetricPoint point in batch.Metrics)
        {
            StoredText.Key(point.Key, "the key of a metric");
            StoredText.Optional(point.DatasetName, "the dataset of a metric");
            StoredText.Optional(point.DatasetDigest, "the dataset of a metric");
        }

        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            RunRow run = await RunRows.GetActiveAsync(session, runId);
            await LogParametersAsync(session, run, batch.Parameters);
            await LogTagsAsync(session, run, batch.Tags);
            await LogMetricsAsync(session, run, batch.Metrics);
        }, cancellationToken);
    }

    private static async Task LogParametersAsync(RegistrySession session, RunRow run, IReadOnlyDictionary<string, string> parameters)
    {
        foreach ((string key, string value) in parameters)
        {
            if (await session.ExecuteAsync(
                "insert into run_parameters (run, key, value) values (@Number, @key, @value) on conflict (run, key) do nothing", new { run.Number, key, value }) > 0)
            {
                continue;
            }

            string present = (await session.FirstAsync<string>("select value from run_parameters where run = @Number and key = @key", new { run.Number, key }))!;
            if (present != value)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest,
                    $"Changing param values is not allowed. Param with key='{key}' was already logged with value='{present}' for run ID='{run.Id}'. Attempted logging new value '{value}'.");
            }
        }
    }

    private static Task<int> LogTagsAsync(RegistrySession session, RunRow run, IReadOnlyDictionary<string, string> tags) => session.ExecuteAsync(
        "insert into run_tags (run, key, value) values (@Number, @Key, @Value) on conflict (run, key) do update set value = excluded.value",
        tags.Select(tag => new { run.Number, tag.Key, tag.Value }));

    private static async Task LogMetricsAsync(RegistrySession session, RunRow run, IReadOnlyList<MetricPoint> points)
    {
        MetricRow[] rows = [.. points.Select(point => new MetricRow(run.Number, point))];
        await session.ExecuteAsync(
            """
            insert into metric_points (run, key, occurred_at, step, is_nan, value, logged_model_id, dataset_name, dataset_digest)
            values (@Owner, @Key, @OccurredAt, @Step, @IsNan, @Value, @LoggedModelId, @DatasetName, @DatasetDigest)
            on conflict (run, key, occurred_at, step, is_nan, value) do nothing
            """,
            rows);
        await session.ExecuteAsync(
            """
            insert into latest_metrics (run, key, step, occurred_at, is_nan, value, logged_model_id, dataset_name, dataset_digest)
            values (@Owner, @Key, @Step, @OccurredAt, @IsNan, @Value, @LoggedModelId, @DatasetName, @DatasetDigest)
            on conflict (run, key) do update set step = excluded.step, occurred_at = excluded.occurred_at, is_nan = excluded.is_nan, value = excluded.value,
                logged_model_id = excluded.logged_model_id, dataset_name = excluded.dataset_name, dataset_digest = excluded.dataset_digest
            where (excluded.step, excluded.occurred_at, -excluded.is_nan, excluded.value)
                > (latest_metrics.step, latest_metrics.occurred_at, -latest_metrics.is_nan, latest_metrics.value)
            """,
            Latest(rows.GroupBy(static row => row.Key)));
        await LogModelMetricsAsync(session, run, [.. rows.Where(static row => row.LoggedModelId is { Length: > 0 })]);
    }

    private static async Task LogModelMetricsAsync(RegistrySession session, RunRow run, MetricRow[] rows)
    {
        foreach (IGrouping<string, MetricRow> ofModel in rows.GroupBy(static row => row.LoggedModelId!))
        {
            LoggedModelRow model = await LoggedModelRows.GetActiveAsync(session, ofModel.Key);
            foreach (MetricRow row in Latest(ofModel.GroupBy(static row => (row.Key, row.DatasetName, row.DatasetDigest))))
            {
                await session.ExecuteAsync(
                    """
                    insert into logged_model_metrics (model, key, run_id, dataset_name, dataset_digest, step, occurred_at, is_nan, value)
                    values (@Model, @Key, @RunId, @DatasetName, @DatasetDigest, @Step, @OccurredAt, @IsNan, @Value)
                    on conflict (model, key, run_id, dataset_name, dataset_digest)
                    do update set step = excluded.step, occurred_at = excluded.occurred_at, is_nan = excluded.is_nan, value = excluded.value
                    where (excluded.step, excluded.occurred_at, -excluded.is_nan, excluded.value)
                        > (logged_model_metrics.step, logged_model_metrics.occurred_at, -logged_model_metrics.is_nan, logged_model_metrics.value)
                    """,
                    new
                    {
                        Model = model.Number,
                        row.Key,
                        RunId = run.Id,
                        DatasetName = row.DatasetName ?? "",
                        DatasetDigest = row.DatasetDigest ?? "",
                        row.Step,
                        row.OccurredAt,
                        row.IsNan,
                        row.Value,
                    });
            }
        }
    }

    /// <summary>The latest row of each group.</summary>
    private static MetricRow[] Latest<TKey>(IEnumerable<IGrouping<TKey, MetricRow>> groups) =>
        [.. groups.Select(static group => group.Aggregate(static (latest, row) => row.IsLaterThan(latest) ? row : latest))];
}
