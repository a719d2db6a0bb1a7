using System.Text;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Calls for the history of metrics.</summary>
internal sealed class MetricCalls(ITrackingStore store)
{
    private const int MostRuns = 100;
    private const int MostPointsOfRun = 2500;
    private const int MostPoints = 1_000_000;

    // Position 0, as the reference spells it.
    private static readonly string StartToken = Convert.ToBase64String(Encoding.ASCII.GetBytes("{\"offset\": 0}"));

    /// <summary><c>metrics/get-history</c></summary>
    /// <remarks>
    /// Without <c>max_results</c> the reference sends no point at all and a token for position 0. Here all points are sent, and the same token for those who look for it; asking with it,
    /// again without <c>max_results</c>, gives nothing more, so that a client that follows tokens has every point once.
    /// </remarks>
    public async Task<MlflowAnswer> GetHistoryAsync(MlflowCall call)
    {
        string key = call.Fields.Required("metric_key");
        TrackedRun run = await RunLookup.FindAsync(store, call);
        string? token = MlflowLimits.PageToken(call.Fields);
        if (call.Fields.Integer("max_results") is null or 0)
        {
            if (token == StartToken)
            {
                return MlflowJson.Empty;
            }

            List<MetricPoint> points = await ReadAllAsync(run.Id, key, token, call.Cancellation);
            return json =>
            {
                json.WriteObjects("metrics", points, RunJson.WritePoint);
                if (points.Count > 0 && token is null)
                {
                    json.WriteString("next_page_token", StartToken);
                }
            };
        }

        int most = MlflowLimits.CheckPage(call.Fields, MlflowLimits.PageOfPoints, int.MaxValue);
        SearchPage<MetricPoint> page = await store.GetMetricHistoryAsync(
            run.Id, key, Math.Min(most, MlflowLimits.PageOfPoints), token == StartToken ? null : token, call.Cancellation);
        return json =>
        {
            json.WriteObjects("metrics", page.Items, RunJson.WritePoint);
            json.WriteIfAny("next_page_token", page.NextPageToken);
        };
    }

    /// <summary><c>metrics/get-history-bulk-interval</c></summary>
    public async Task<MlflowAnswer> GetHistoriesAsync(MlflowCall call)
    {
        IReadOnlyList<string> runs = call.Fields.Texts("run_ids");
        if (runs.Count == 0)
        {
            throw MlflowException.Missing("run_ids");
        }

        CheckRuns(runs);
        string key = call.Fields.Required("metric_key");
        long? start = call.Fields.Integer("start_step");
        long? end = call.Fields.Integer("end_step");
        if (start is null != end is null)
        {
            throw MlflowException.Invalid("If either start step or end step are specified, both must be specified.");
        }

        if (start > end)
        {
            throw MlflowException.Invalid($"end_step must be greater than start_step. Found start_step={start} and end_step={end}.");
        }

        int most = MlflowLimits.CheckPage(call.Fields, MostPointsOfRun, MostPointsOfRun);
        foreach (string id in runs)
        {
            await RunLookup.FindAsync(store, id, call.Cancellation);
        }

        IReadOnlyList<MetricPoint> points = await store.GetMetricHistoriesAsync(runs, key, start, end, most, call.Cancellation);
        return json => json.WriteObjects("metrics", points, RunJson.WriteWholePoint);
    }

    /// <summary><c>metrics/get-history-bulk</c>: what the page of a browser asks.</summary>
    public async Task<MlflowAnswer> GetBulkAsync(MlflowCall call)
    {
        string[] runs = [.. call.Context.Request.Query["run_id"].OfType<string>()];
        if (runs.Length == 0)
        {
            throw MlflowException.Invalid("GetMetricHistoryBulk request must specify at least one run_id.");
        }

        CheckRuns(runs);
        string key = call.Fields.Text("metric_key") ?? throw MlflowException.Invalid("GetMetricHistoryBulk request must specify a metric_key.");
        int most = Math.Min(MlflowLimits.CheckPage(call.Fields, MlflowLimits.PageOfPoints, int.MaxValue), MlflowLimits.PageOfPoints);
        List<MetricPoint> points = [];
        foreach (string id in runs.Order(StringComparer.Ordinal))
        {
            TrackedRun run = await RunLookup.FindAsync(store, id, call.Cancellation);
            if (points.Count < most)
            {
                SearchPage<MetricPoint> page = await store.GetMetricHistoryAsync(run.Id, key, most - points.Count, null, call.Cancellation);
                points.AddRange(page.Items.Select(point => point with { RunId = run.Id }));
            }
        }

        return json => json.WriteObjects("metrics", points, RunJson.WriteWholePoint);
    }

    private async Task<List<MetricPoint>> ReadAllAsync(string run, string key, string? token, CancellationToken cancellation)
    {
        List<MetricPoint> points = [];
        do
        {
            SearchPage<MetricPoint> page = await store.GetMetricHistoryAsync(run, key, MlflowLimits.PageOfPoints, token, cancellation);
            points.AddRange(page.Items);
            token = page.NextPageToken;
            if (token is not null && points.Count >= MostPoints)
            {
                throw MlflowException.Invalid($"The metric has more than {MostPoints} points: ask page by page, with 'max_results'.");
            }
        }
        while (token is not null);
        return points;
    }

    private static void CheckRuns(IReadOnlyList<string> runs)
    {
        if (runs.Count > MostRuns)
        {
            throw MlflowException.Invalid($"At most {MostRuns} runs can be asked for at once. Received {runs.Count}.");
        }
    }
}
