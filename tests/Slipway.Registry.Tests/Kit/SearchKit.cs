using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Registry.Tests.Kit;

/// <summary>Searches of every store against a plain reading of the contract, with conditions, orders and pages of chance; the seed is in the message.</summary>
public abstract class SearchKit : RegistryKit
{
    private static readonly string[] Words = ["alpha", "Alpha", "beta", "a%b", "a_b", "ä", "😀", "[x]", "a*b", "", "'; drop table runs;--"];

    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Runs_are_found_in_order_and_page_by_page(int seed)
    {
        Random random = new(seed);
        List<TrackedRun> all = await FillAsync(random);
        for (int round = 0; round < 60; round++)
        {
            SearchQuery query = Query(random);
            string[] expected = [.. Sorted(all.Where(run => query.Clauses.All(clause => Holds(run, clause)) && IsSeen(run, query)), query.Order).Select(static run => run.Id)];
            List<string> found = [];
            string? token = null;
            do
            {
                SearchPage<TrackedRun> page = await Tracking.SearchRunsAsync(query with { PageToken = token }, None);
                Assert.True(page.Items.Count <= query.MaxResults);
                found.AddRange(page.Items.Select(static run => run.Id));
                token = page.NextPageToken;
            }
            while (token is not null);

            Assert.True(expected.SequenceEqual(found), $"seed {seed}, round {round}: {Describe(query)}\n{string.Join(' ', expected)}\n{string.Join(' ', found)}");
        }
    }

    [Fact]
    public async Task Pages_stay_stable_when_items_come_and_go_between()
    {
        for (int index = 0; index < 10; index++)
        {
            await PublishAsync($"m{index}");
        }

        SearchQuery query = SearchQuery.All with { MaxResults = 4 };
        SearchPage<RegisteredModel> first = await Registry.SearchModelsAsync(query, None);
        await Registry.DeleteModelAsync("m1", Ana, None);
        await PublishAsync("m00");
        await PublishAsync("m55");
        SearchPage<RegisteredModel> second = await Registry.SearchModelsAsync(query with { PageToken = first.NextPageToken }, None);
        SearchPage<RegisteredModel> third = await Registry.SearchModelsAsync(query with { PageToken = second.NextPageToken }, None);
        Assert.Equal(
            ["m0", "m1", "m2", "m3", "m4", "m5", "m55", "m6", "m7", "m8", "m9"],
            first.Items.Concat(second.Items).Concat(third.Items).Select(static model => model.Name));
        Assert.Null(third.NextPageToken);
    }

    [Fact]
    public async Task A_token_of_another_search_is_refused()
    {
        await PublishAsync("a");
        await PublishAsync("b");
        string token = (await Registry.SearchModelsAsync(SearchQuery.All with { MaxResults = 1 }, None)).NextPageToken!;
        SearchQuery other = SearchQuery.All with { PageToken = token, Clauses = [Clause(SearchField.Attribute, "name", SearchOperator.Equal, "a")] };
        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.SearchModelsAsync(other, None));
        foreach (string broken in (string[])["x", "bm90IGpzb24", token[..^3], "W10", new string('A', 100_000)])
        {
            await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.SearchModelsAsync(SearchQuery.All with { PageToken = broken }, None));
        }
    }

    [Fact]
    public async Task What_can_not_be_compared_is_refused_by_name()
    {
        SearchClause[] wrong =
        [
            Clause(SearchField.Attribute, "nonsense", SearchOperator.Equal, "x"),
            Clause(SearchField.Attribute, "name; drop table models", SearchOperator.Equal, "x"),
            Clause(SearchField.Attribute, "version_number", SearchOperator.Equal, "x"),
            Clause(SearchField.Attribute, "version_number", SearchOperator.Like, "x"),
            Clause(SearchField.Attribute, "name", SearchOperator.Equal, 1),
            Clause(SearchField.Attribute, "name", SearchOperator.Equal),
            Clause(SearchField.Attribute, "name", SearchOperator.Equal, "a\0"),
            Clause(SearchField.Attribute, "name", SearchOperator.Like, new string('%', 10_000)),
            Clause(SearchField.Metric, "m", SearchOperator.Equal, 1),
            Clause(SearchField.Dataset, "name", SearchOperator.Equal, "x"),
        ];
        foreach (SearchClause clause in wrong)
        {
            await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.SearchVersionsAsync(SearchQuery.All with { Clauses = [clause] }, None));
        }

        await RefusalAsync(ErrorCode.InvalidRequest, () => Registry.SearchModelsAsync(SearchQuery.All with { MaxResults = 0 }, None));
        await RefusalAsync(
            ErrorCode.InvalidRequest, () => Registry.SearchModelsAsync(SearchQuery.All with { Order = [new SearchOrder(SearchField.Attribute, "x", false)] }, None));
    }

    [Fact]
    public async Task Versions_come_by_name_and_newest_first_and_by_what_they_hold()
    {
        for (int index = 0; index < 3; index++)
        {
            await PublishAsync("b", $"{index}");
            await PublishAsync("a", $"{index}");
        }

        await Registry.SetStageAsync("a", 2, "Production", false, Ana, None);
        await Registry.SetVersionTagAsync("a", 3, "k", new string('x', 1000) + "y", Ana, None);
        Assert.Equal([("a", 3L), ("a", 2L), ("a", 1L), ("b", 3L), ("b", 2L), ("b", 1L)], await VersionsAsync());
        Assert.Equal([("a", 3L), ("b", 3L)], await VersionsAsync(Clause(SearchField.Attribute, "version_number", SearchOperator.Greater, 2)));
        Assert.Equal([("a", 2L)], await VersionsAsync(Clause(SearchField.Attribute, "stage", SearchOperator.Equal, "Production")));
        Assert.Equal([("a", 3L)], await VersionsAsync(Clause(SearchField.Tag, "k", SearchOperator.Equal, new string('x', 1000) + "y")));
        Assert.Empty(await VersionsAsync(Clause(SearchField.Tag, "k", SearchOperator.Equal, new string('x', 1000) + "z")));
        string digest = (await Registry.FindVersionAsync("b", 1, None))!.Manifest!.Digest.ToString();
        Assert.Equal([("a", 1L), ("b", 1L)], await VersionsAsync(Clause(SearchField.Attribute, "digest", SearchOperator.Equal, digest)));

        async Task<List<(string, long)>> VersionsAsync(params SearchClause[] clauses) => [.. (await Registry.SearchVersionsAsync(
            SearchQuery.All with { Clauses = clauses }, None)).Items.Select(static version => (version.Model, version.Number))];
    }

    [Fact]
    public async Task Versions_with_a_tag_come_in_order_and_page_by_page_whatever_was_renamed_and_tagged_since()
    {
        foreach (string model in (string[])["b", "a", "c"])
        {
            for (int number = 1; number <= 5; number++)
            {
                Dictionary<string, string> tags = number == 4 ? [] : new() { ["k"] = "x", ["odd"] = $"{number % 2}" };
                await Registry.CreateVersionAsync(new NewModelVersion { Model = model, CreateModel = true, Tags = tags }, Ana, None);
            }
        }

        await Registry.SetVersionTagAsync("a", 4, "k", "x", Ana, None);
        await Registry.SetVersionTagAsync("c", 2, "k", "other", Ana, None);
        await Registry.SetVersionTagAsync("c", 1, "k", null, Ana, None);
        await Registry.RenameModelAsync("a", "d", Ana, None);
        await Registry.SetVersionTagAsync("d", 5, "k", "y", Ana, None);
        await Registry.SetVersionTagAsync("d", 5, "k", "x", Ana, None);
        SearchClause tag = Clause(SearchField.Tag, "k", SearchOperator.Equal, "x");

        Assert.Equal(["b5", "b3", "b2", "b1", "c5", "c3", "d5", "d4", "d3", "d2", "d1"], await PagesAsync([], tag));
        Assert.Equal(["b5", "b3", "b2", "b1", "c5", "c3", "d5", "d4", "d3", "d2", "d1"], await PagesAsync([new SearchOrder(SearchField.Attribute, "name", false)], tag));
        Assert.Equal(["d5", "d4", "d3", "d2", "d1", "c5", "c3", "b5", "b3", "b2", "b1"], await PagesAsync([new SearchOrder(SearchField.Attribute, "name", true)], tag));
        Assert.Equal(["b5", "b3", "c5", "c3", "d5", "d3"], await PagesAsync([], tag, Clause(SearchField.Attribute, "version_number", SearchOperator.Greater, 2), Clause(SearchField.Tag, "odd", SearchOperator.Equal, "1")));
        Assert.Equal(["c5", "c3"], await PagesAsync([], Clause(SearchField.Attribute, "name", SearchOperator.Equal, "c"), tag));
        Assert.Empty(await PagesAsync([], Clause(SearchField.Attribute, "name", SearchOperator.Equal, "a"), tag));

        async Task<List<string>> PagesAsync(SearchOrder[] order, params SearchClause[] clauses)
        {
            List<string> found = [];
            string? token = null;
            do
            {
                SearchPage<ModelVersion> page = await Registry.SearchVersionsAsync(
                    SearchQuery.All with { Clauses = clauses, Order = order, MaxResults = 2, PageToken = token }, None);
                Assert.InRange(page.Items.Count, token is null ? 0 : 1, 2);
                found.AddRange(page.Items.Select(static version => $"{version.Model}{version.Number}"));
                token = page.NextPageToken;
            }
            while (token is not null);
            return found;
        }
    }

    private async Task<List<TrackedRun>> FillAsync(Random random)
    {
        string other = (await Tracking.CreateExperimentAsync("other", null, NoTags, Ana, None)).Id;
        List<TrackedRun> runs = [];
        for (int index = 0; index < 40; index++)
        {
            string name = Words[random.Next(Words.Length)];
            TrackedRun run = await Tracking.CreateRunAsync(
                new NewRun(random.Next(4) == 0 ? other : "0", name, "ana", random.Next(5) == 0 ? null : random.Next(6), NoTags), Ana, None);
            MetricPoint[] metrics = [.. ((string[])["m", "n"]).Where(_ => random.Next(3) > 0).Select(key => new MetricPoint(key, Value(random), 1, 0))];
            await Tracking.LogBatchAsync(
                run.Id, new RunBatch(metrics, Pairs(random, "p"), Pairs(random, "t")), Ana, None);
            if (random.Next(5) == 0)
            {
                await Tracking.SetRunDeletedAsync(run.Id, true, Ana, None);
            }
            else if (random.Next(3) == 0)
            {
                await Tracking.UpdateRunAsync(run.Id, RunStatus.Finished, random.Next(9), null, Ana, None);
            }

            runs.Add((await Tracking.FindRunAsync(run.Id, None))!);
        }

        return runs;
    }

    private static Dictionary<string, string> Pairs(Random random, string key) =>
        random.Next(3) == 0 ? [] : new Dictionary<string, string> { [key] = Words[random.Next(Words.Length)] };

    private static double Value(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        _ => random.Next(-2, 3),
    };

    private static SearchQuery Query(Random random)
    {
        SearchOperator[] comparisons = [SearchOperator.Equal, SearchOperator.NotEqual, SearchOperator.Greater, SearchOperator.GreaterOrEqual, SearchOperator.Less, SearchOperator.LessOrEqual];
        SearchOperator[] texts = [SearchOperator.Equal, SearchOperator.NotEqual, SearchOperator.Like, SearchOperator.LikeIgnoringCase, SearchOperator.In, SearchOperator.NotIn];
        SearchOperator[] tests = [SearchOperator.IsNull, SearchOperator.IsNotNull];
        List<SearchClause> clauses = [];
        for (int count = random.Next(3); count > 0; count--)
        {
            clauses.Add(random.Next(6) switch
            {
                0 => Clause(SearchField.Metric, "m", random.GetItems(comparisons, 1)[0], random.Next(6) == 0 ? double.NaN : random.Next(-2, 3)),
                1 => Clause(SearchField.Attribute, "start_time", random.GetItems(comparisons, 1)[0], random.Next(0, 6) + (random.Next(4) == 0 ? 0.5 : 0)),
                2 => Text(SearchField.Tag, "t"),
                3 => Text(SearchField.Parameter, "p"),
                4 => Text(SearchField.Attribute, "run_name"),
                _ => Clause(SearchField.Tag, "t", random.GetItems(tests, 1)[0]),
            });
        }

        SearchOrder[] orders =
        [
            new(SearchField.Metric, "m", random.Next(2) == 0), new(SearchField.Metric, "n", random.Next(2) == 0), new(SearchField.Parameter, "p", random.Next(2) == 0),
            new(SearchField.Tag, "t", random.Next(2) == 0), new(SearchField.Attribute, "start_time", random.Next(2) == 0),
            new(SearchField.Attribute, "end_time", random.Next(2) == 0), new(SearchField.Attribute, "status", random.Next(2) == 0),
        ];
        return SearchQuery.All with
        {
            Clauses = clauses,
            Order = [.. orders.OrderBy(_ => random.Next()).Take(random.Next(3))],
            ExperimentIds = random.Next(2) == 0 ? ["0"] : ["0", "1", "77"],
            View = (LifecycleView)random.Next(1, 4),
            MaxResults = random.Next(1, 15),
        };

        SearchClause Text(SearchField field, string key)
        {
            SearchOperator how = random.GetItems(texts, 1)[0];
            string[] operands = how is SearchOperator.In or SearchOperator.NotIn ? random.GetItems(Words, random.Next(1, 4))
                : how is SearchOperator.Like or SearchOperator.LikeIgnoringCase ? random.GetItems(["%a%", "a%b", "a_b", "ALPHA", "%", "_", "[x]", "a*%", "%ä"], 1)
                : random.GetItems(Words, 1);
            return Clause(field, key, how, operands);
        }
    }

    private static bool IsSeen(TrackedRun run, SearchQuery query) =>
        query.ExperimentIds.Contains(run.ExperimentId) && (query.View == LifecycleView.All || run.IsDeleted == (query.View == LifecycleView.DeletedOnly));

    private static bool Holds(TrackedRun run, SearchClause clause) => clause.Field switch
    {
        SearchField.Metric => Metric(run, clause.Key) is { } value && Compares(clause.Operator, value, clause.Values[0].Number!.Value),
        SearchField.Attribute when clause.Key == "start_time" => run.StartTime is { } start && Compares(clause.Operator, start, clause.Values[0].Number!.Value),
        SearchField.Attribute => Matches(run.Name, clause),
        SearchField.Tag => Matches(run.Tags.GetValueOrDefault(clause.Key), clause),
        _ => Matches(run.Parameters.GetValueOrDefault(clause.Key), clause),
    };

    private static double? Metric(TrackedRun run, string key) => run.Metrics.Where(metric => metric.Key == key).Select(static metric => (double?)metric.Value).FirstOrDefault();

    private static bool Compares(SearchOperator how, double value, double operand) => how switch
    {
        SearchOperator.Equal => value == operand,
        SearchOperator.NotEqual => value != operand,
        SearchOperator.Greater => value > operand,
        SearchOperator.GreaterOrEqual => value >= operand,
        SearchOperator.Less => value < operand,
        _ => value <= operand,
    };

    private static bool Matches(string? value, SearchClause clause)
    {
        if (clause.Operator is SearchOperator.IsNull or SearchOperator.IsNotNull)
        {
            return value is null == (clause.Operator == SearchOperator.IsNull);
        }

        string[] operands = [.. clause.Values.Select(static operand => operand.Text!)];
        return value is not null && clause.Operator switch
        {
            SearchOperator.Equal => value == operands[0],
            SearchOperator.NotEqual => value != operands[0],
            SearchOperator.In => operands.Contains(value),
            SearchOperator.NotIn => !operands.Contains(value),
            _ => Pattern(operands[0], clause.Operator == SearchOperator.LikeIgnoringCase).IsMatch(value),
        };
    }

    /// <summary>Of case only A to Z are alike, as the contract of the seam says.</summary>
    private static Regex Pattern(string pattern, bool ignoreCase) => new(
        "\\A" + string.Concat(pattern.EnumerateRunes().Select(rune => rune.ToString() switch
        {
            "%" => "(?s:.*)",
            "_" => "(?s:[\ud800-\udbff][\udc00-\udfff]|.)",
            { Length: 1 } letter when ignoreCase && char.IsAsciiLetter(letter[0]) => $"[{letter.ToLowerInvariant()}{letter.ToUpperInvariant()}]",
            string text => Regex.Escape(text),
        })) + "\\z",
        RegexOptions.CultureInvariant);

    private static IEnumerable<TrackedRun> Sorted(IEnumerable<TrackedRun> runs, IReadOnlyList<SearchOrder> order)
    {
        IOrderedEnumerable<TrackedRun> sorted = runs.Order(Comparer<TrackedRun>.Create(static (_, _) => 0));
        foreach (SearchOrder criterion in order.Append(new SearchOrder(SearchField.Attribute, "start_time", true)))
        {
            sorted = sorted.ThenBy(run => run, Comparer<TrackedRun>.Create((left, right) => Compare(Key(left, criterion), Key(right, criterion), criterion.Descending)));
        }

        return sorted.ThenBy(static run => run.Id, StringComparer.Ordinal);
    }

    private static object? Key(TrackedRun run, SearchOrder criterion) => criterion switch
    {
        { Field: SearchField.Metric } => Metric(run, criterion.Key),
        { Field: SearchField.Tag } => run.Tags.GetValueOrDefault(criterion.Key),
        { Field: SearchField.Parameter } => run.Parameters.GetValueOrDefault(criterion.Key),
        { Key: "start_time" } => (double?)run.StartTime,
        { Key: "end_time" } => (double?)run.EndTime,
        _ => run.Status.ToString().ToUpperInvariant(),
    };

    private static int Compare(object? left, object? right, bool descending)
    {
        int rank = Rank(left).CompareTo(Rank(right));
        if (rank != 0 || Rank(left) != 0)
        {
            return rank;
        }

        int compared = left is string text
            ? Encoding.UTF8.GetBytes(text).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)right!))
            : ((double)left!).CompareTo((double)right!);
        return descending ? -compared : compared;
    }

    private static int Rank(object? value) => value switch
    {
        null => 2,
        double.NaN => 1,
        _ => 0,
    };

    private static string Describe(SearchQuery query) =>
        $"{string.Join(" and ", query.Clauses.Select(static clause => $"{clause.Field}.{clause.Key} {clause.Operator} [{string.Join(',', clause.Values)}]"))} "
        + $"by {string.Join(", ", query.Order)} view {query.View} in {string.Join(',', query.ExperimentIds)} page {query.MaxResults}";
}
