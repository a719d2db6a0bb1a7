using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Bench.Measuring;
using Slipway.Bench.Reports;
using Slipway.Bench.Stores;
using Slipway.Core;

namespace Slipway.Bench.Targets;

/// <summary>Pages of lists and searches of the embedded store with a million versions and 100,000 runs.</summary>
internal sealed class R01RegistryPages : ITarget
{
    private const int Repetitions = 200;
    private const int PageSize = 100;

    public string Name => "R1";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        await using ServiceProvider store = await LargeStore.OpenAsync(context.LargeStore);
        IModelRegistry registry = store.GetRequiredService<IModelRegistry>();
        ITrackingStore tracking = store.GetRequiredService<ITrackingStore>();
        SearchQuery page = SearchQuery.All with { MaxResults = PageSize };
        SearchQuery ofRuns = page with { ExperimentIds = ["0"] };
        List<TargetResult> results = [];

        await AddAsync("list models", index => registry.SearchModelsAsync(page, CancellationToken.None));
        await AddAsync("models by name", index => registry.SearchModelsAsync(page with { Clauses = [Like("name", $"model-0{index % 10}%")] }, CancellationToken.None));
        await AddAsync("list versions", index => registry.SearchVersionsAsync(page, CancellationToken.None));
        await AddAsync("list versions, from page to page", Paging(registry.SearchVersionsAsync, page));
        await AddAsync("versions of a model", index => registry.SearchVersionsAsync(page with { Clauses = [Is("name", Model(index))] }, CancellationToken.None));
        await AddAsync("versions of a run", index => registry.SearchVersionsAsync(page with { Clauses = [Is("run_id", Run(index))] }, CancellationToken.None));
        await AddAsync("versions by a frequent tag", index => registry.SearchVersionsAsync(page with { Clauses = [Tag("team", $"team-{index % 50}")] }, CancellationToken.None));
        await AddAsync("versions by a rare tag", index => registry.SearchVersionsAsync(page with { Clauses = [Tag("ticket", $"T-{index * 97}")] }, CancellationToken.None));
        await AddAsync("versions, last updated first", index => registry.SearchVersionsAsync(
            page with { Order = [new SearchOrder(SearchField.Attribute, "last_updated_timestamp", Descending: true)] }, CancellationToken.None));
        await AddAsync("version of an alias", index => registry.FindVersionByAliasAsync(Model(index), "champion", CancellationToken.None));
        await AddAsync("latest versions", index => registry.GetLatestVersionsAsync(Model(index), [], CancellationToken.None));

        await AddAsync("list runs", index => tracking.SearchRunsAsync(ofRuns, CancellationToken.None));
        await AddAsync("list runs, from page to page", Paging(tracking.SearchRunsAsync, ofRuns));
        await AddAsync("runs by a frequent metric", index => tracking.SearchRunsAsync(ofRuns with { Clauses = [Above("accuracy", 0.3)] }, CancellationToken.None));
        await AddAsync("runs by a rare metric", index => tracking.SearchRunsAsync(ofRuns with { Clauses = [Above("accuracy", 0.9995)] }, CancellationToken.None));
        await AddAsync("runs by a rare parameter", index => tracking.SearchRunsAsync(
            ofRuns with { Clauses = [new SearchClause(SearchField.Parameter, "seed", SearchOperator.Equal, [new SearchValue($"{index * 31}", null)])] }, CancellationToken.None));
        await AddAsync("runs by metric and tag", index => tracking.SearchRunsAsync(
            ofRuns with { Clauses = [Above("accuracy", 0.8), Tag("mlflow.user", $"user-{index % 20}")] }, CancellationToken.None));
        await AddAsync("runs, best metric first", index => tracking.SearchRunsAsync(
            ofRuns with { Order = [new SearchOrder(SearchField.Metric, "accuracy", Descending: true)] }, CancellationToken.None));
        await AddAsync("runs by a metric, best other metric first", index => tracking.SearchRunsAsync(
            ofRuns with { Clauses = [Above("accuracy", 0.5)], Order = [new SearchOrder(SearchField.Metric, "loss", Descending: false)] }, CancellationToken.None));
        return results;

        async Task AddAsync<T>(string what, Func<int, Task<T>> ask)
        {
            for (int index = 0; index < 10; index++)
            {
                await ask(index);
            }

            List<double> times = [];
            for (int index = 0; index < Repetitions; index++)
            {
                long began = Stopwatch.GetTimestamp();
                await ask(index);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            results.Add(TargetResult.AtMost(
                Name, $"{what}, p99", Statistics.Percentile(times, 0.99), "ms", 50, 20,
                $"p50 {Statistics.Percentile(times, 0.5):0.00} ms, {LargeStore.Versions:N0} versions, {LargeStore.Runs:N0} runs, pages of {PageSize}"));
        }
    }

    private static Func<int, Task<SearchPage<T>>> Paging<T>(Func<SearchQuery, CancellationToken, Task<SearchPage<T>>> search, SearchQuery query)
    {
        string? token = null;
        return async _ =>
        {
            SearchPage<T> page = await search(query with { PageToken = token }, CancellationToken.None);
            token = page.NextPageToken;
            return page;
        };
    }

    private static string Model(int index) => $"model-{index * 37 % LargeStore.Models:00000}";

    private static string Run(int index) => $"{index * 7919 % LargeStore.Runs:x32}";

    private static SearchClause Is(string attribute, string value) => new(SearchField.Attribute, attribute, SearchOperator.Equal, [new SearchValue(value, null)]);

    private static SearchClause Like(string attribute, string value) => new(SearchField.Attribute, attribute, SearchOperator.Like, [new SearchValue(value, null)]);

    private static SearchClause Tag(string key, string value) => new(SearchField.Tag, key, SearchOperator.Equal, [new SearchValue(value, null)]);

    private static SearchClause Above(string metric, double value) => new(SearchField.Metric, metric, SearchOperator.Greater, [new SearchValue(null, value)]);
}
