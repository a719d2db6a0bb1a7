using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Search;

namespace Slipway.Registry.Tracking;

/// <summary>All points of metrics.</summary>
internal sealed class MetricHistory(RegistryStore store)
{
    private static readonly SortTerm[] Order =
    [
        new("occurred_at", SortKind.Whole, Descending: false),
        new("step", SortKind.Whole, Descending: false),
        new("is_nan", SortKind.Whole, Descending: false),
        new("value", SortKind.Real, Descending: false),
    ];

    public Task<SearchPage<MetricPoint>> GetAsync(string runId, string key, int maxResults, string? pageToken, CancellationToken cancellationToken)
    {
        if (maxResults is < 1 or > Searcher.MaxResults)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a page of 1 to {Searcher.MaxResults} points was expected, not {maxResults}");
        }

        string fingerprint = PageToken.Fingerprint("points", SearchQuery.All, $"{runId}\u0001{key}");
        object?[]? position = string.IsNullOrEmpty(pageToken) ? null : PageToken.Read(pageToken, fingerprint, Order);
        return store.ReadAsync(async session =>
        {
            RunRow run = await RunRows.GetAsync(session, runId);
            List<MetricRow> rows = await session.QueryAsync<MetricRow>(
                $"""
                select {MetricRow.Columns} from metric_points where run = @Number and key = @key
                {(position is null ? "" : "and (occurred_at, step, is_nan, value) > (@time, @step, @isNan, @value)")}
                order by occurred_at, step, is_nan, value limit @limit
                """,
                new { run.Number, key, time = position?[0], step = position?[1], isNan = position?[2], value = position?[3], limit = maxResults + 1L });
            string? next = rows.Count <= maxResults ? null : Token(fingerprint, rows[maxResults - 1]);
            return new SearchPage<MetricPoint>([.. rows.Take(maxResults).Select(row => row.ToPoint(runId))], next);
        }, cancellationToken);
    }

    public Task<IReadOnlyList<MetricPoint>> GetManyAsync(
        IReadOnlyList<string> runIds, string key, long? startStep, long? endStep, int maxResults, CancellationToken cancellationToken)
    {
        if (maxResults is < 1 or > Searcher.MaxResults)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"1 to {Searcher.MaxResults} points of a run were expected, not {maxResults}");
        }

        return store.ReadAsync<IReadOnlyList<MetricPoint>>(async session =>
        {
            List<MetricPoint> points = [];
            foreach (string runId in runIds.Distinct(StringComparer.Ordinal))
            {
                RunRow run = await RunRows.GetAsync(session, runId);
                points.AddRange((await session.QueryAsync<MetricRow>(EvenlyChosen, new
                {
                    run.Number,
                    key,
                    start = startStep ?? long.MinValue,
                    end = endStep ?? long.MaxValue,
                    most = (long)maxResults,
                })).Select(row => row.ToPoint(runId)));
            }

            return points;
        }, cancellationToken);
    }

    // The last point, and of the others the first of each of (most - 1) equal shares.
    private const string EvenlyChosen =
        $"""
        select {MetricRow.Columns} from (
            select p.*, row_number() over (order by step, occurred_at, is_nan, value) - 1 as position, count(*) over () as total
            from metric_points p where run = @Number and key = @key and step >= @start and step <= @end) q
        where total <= @most or position = total - 1
            or (@most > 1 and (position = 0 or (position * (@most - 1)) / (total - 1) <> ((position - 1) * (@most - 1)) / (total - 1)))
        order by step, occurred_at, is_nan, value
        """;

    private static string Token(string fingerprint, MetricRow last) => PageToken.Write(fingerprint, [last.OccurredAt, last.Step, last.IsNan, last.Value]);
}
