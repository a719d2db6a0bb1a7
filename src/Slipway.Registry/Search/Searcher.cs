using System.Data.Common;
using System.Globalization;
using Dapper;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Search;

/// <summary>Runs a search for the keys of its items; the owners of the tables load what belongs to them.</summary>
internal static class Searcher
{
    /// <summary>Most items that a page is asked for.</summary>
    public const int MaxResults = 200_000;

    private const int MaxClauses = 100;

    private const int RareItems = 100;

    /// <summary>The keys of a page, in order, and the token of the next one.</summary>
    /// <param name="session">Where.</param>
    /// <param name="target">What.</param>
    /// <param name="query">The search.</param>
    /// <param name="datasets">When not empty: metrics count only on one of these, and where no clause asks for one, there has to be some.</param>
    public static async Task<SearchPage<long>> FindAsync(
        RegistrySession session, SearchTarget target, SearchQuery query, IReadOnlyList<DatasetReference> datasets)
    {
        if (query.MaxResults is < 1 or > MaxResults)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a page of 1 to {MaxResults} items was expected, not {query.MaxResults}");
        }

        if (query.Clauses.Count > MaxClauses)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"at most {MaxClauses} conditions were expected");
        }

        DynamicParameters parameters = new();
        SearchConditions conditions = new(target, session.Dialect, parameters);
        List<string> where = [], scope = [];
        SearchOrdering ordering = new(target, conditions);
        List<SortTerm> terms = ordering.Terms(query.Order);
        SearchClause? tag = TagInOrder(target, query, terms);
        (SearchClause? rare, string few) = datasets.Count == 0 ? await FewestAsync(session, conditions, target, query, tag, parameters) : (null, "");
        bool areFew = rare is not null;
        tag = areFew ? null : tag;
        where.AddRange(query.Clauses.Where(clause => !ReferenceEquals(clause, tag)).Select(clause => ReferenceEquals(clause, rare) ? few : conditions.Of(clause, datasets)));
        if (!AddScope(scope, conditions, target, query, areFew))
        {
            return new SearchPage<long>([], null);
        }

        where.AddRange(scope);
        if (datasets.Count > 0 && !query.Clauses.Any(static clause => clause.Field == SearchField.Metric))
        {
            where.Add(conditions.Measured(datasets));
        }

        string fingerprint = PageToken.Fingerprint(target.Things, query, string.Join('\u0007', datasets));
        object?[]? position = query.PageToken is { Length: > 0 } token ? PageToken.Read(token, fingerprint, terms) : null;

        if (tag is not null)
        {
            return await AlongTagAsync(session, target, query, tag, where, parameters, conditions, ordering, terms, position, fingerprint);
        }

        if (!areFew && target.Metrics is { IsUnique: true } && query.Order is [{ Field: SearchField.Metric }, ..] && ordering.FirstJoin is { } first
            && (position is null || position[0] is 0L) && await AreManyAsync(session, target, scope, parameters)
            && await AlongMetricAsync(session, target, query, where, parameters, ordering, first, terms, position, fingerprint) is { } page)
        {
            return page;
        }

        if (position is not null)
        {
            where.Add(ordering.Behind(terms, position));
        }

        string sql = $"select {target.Key}, {string.Join(", ", terms.Select(static term => term.Sql))} from {target.From}{ordering.Joins}"
            + (where.Count == 0 ? "" : " where " + string.Join(" and ", where)) + End(terms, query.MaxResults);
        (List<long> keys, object?[]? last) = await ReadAsync(session, sql, parameters, query.MaxResults, terms.Count);
        return new SearchPage<long>(keys, last is null ? null : PageToken.Write(fingerprint, last));
    }

    /// <summary>The clause that the fewest items meet, which are then looked up and held to the others, with its condition; null when all meet many, or no index finds them.</summary>
    private static async Task<(SearchClause? Clause, string Condition)> FewestAsync(
        RegistrySession session, SearchConditions conditions, SearchTarget target, SearchQuery query, SearchClause? inOrder, DynamicParameters parameters)
    {
        // Counting costs as much as looking up: a rare one is found by little of it, and one whose items come in order as they are need not be counted far, or at all when it is alone.
        if (inOrder is not null && query.Clauses.Count == 1)
        {
            return (null, "");
        }

        foreach ((int most, SearchClause? except) in ((int, SearchClause?)[])[(Math.Min(RareItems, session.FewItems), null), (session.FewItems, inOrder)])
        {
            (SearchClause?, string) fewest = (null, "");
            long least = most + 1;
            foreach (SearchClause clause in query.Clauses.Where(clause => !ReferenceEquals(clause, except)))
            {
                if (conditions.Lookup(clause) is { } rows
                    && await session.ExactNumberAsync($"select count(*) from (select 1 {rows} limit {least}) q", parameters) is var count && count < least)
                {
                    string owner = (clause.Field == SearchField.Metric ? target.Metrics : clause.Field == SearchField.Tag ? target.Tags : target.Parameters)!.Owner;
                    (fewest, least) = ((clause, $"{target.Key} in (select k.{owner} {rows})"), count);
                }
            }

            if (least <= most)
            {
                return fewest;
            }
        }

        return (null, "");
    }

    /// <summary>
    /// The clause on a tag whose index holds its items in the order that is asked for, so that a page of many needs no others; null when there is none, or an attribute leads to fewer.
    /// </summary>
    private static SearchClause? TagInOrder(SearchTarget target, SearchQuery query, List<SortTerm> terms) =>
        target.Tags?.Order is null || !terms.SequenceEqual(target.DefaultOrder)
            || query.Clauses.Any(static clause => clause is { Field: SearchField.Attribute, Operator: SearchOperator.Equal or SearchOperator.In })
            ? null
            : query.Clauses.FirstOrDefault(static clause => clause is { Field: SearchField.Tag, Operator: SearchOperator.Equal });

    /// <summary>A page of the items with a tag, in the order of the tag's index.</summary>
    private static async Task<SearchPage<long>> AlongTagAsync(
        RegistrySession session,
        SearchTarget target,
        SearchQuery query,
        SearchClause tag,
        List<string> where,
        DynamicParameters parameters,
        SearchConditions conditions,
        SearchOrdering ordering,
        List<SortTerm> terms,
        object?[]? position,
        string fingerprint)
    {
        KeyedTable tags = target.Tags!;
        List<SortTerm> along = [.. terms.Zip(tags.Order!, static (term, column) => term with { Sql = column })];
        List<string> all = [conditions.Tagged(tag), $"k.{tags.Owner} = {target.Key}", .. where];
        if (position is not null)
        {
            all.Add(ordering.Behind(along, position));
        }

        // A cross join is taken from left to right by SQLite; to others it means the same as any.
        string sql = $"select {target.Key}, {string.Join(", ", along.Select(static term => term.Sql))} from {tags.Table} k cross join {target.From}"
            + $" where {string.Join(" and ", all)}" + End(along, query.MaxResults);
        (List<long> keys, object?[]? last) = await ReadAsync(session, sql, parameters, query.MaxResults, along.Count);
        return new SearchPage<long>(keys, last is null ? null : PageToken.Write(fingerprint, last));
    }

    private static async Task<bool> AreManyAsync(RegistrySession session, SearchTarget target, List<string> scope, DynamicParameters parameters) =>
        await session.ExactNumberAsync(
            $"select count(*) from (select 1 from {target.From} where {string.Join(" and ", scope)} limit {session.FewItems + 1}) q", parameters) > session.FewItems;

    /// <summary>
    /// A page of the items that have a number, in the order of the metric's index rather than sorted. Null when they do not fill it: what is no number, or not there, comes behind
    /// them and is found by the ordinary search.
    /// </summary>
    private static async Task<SearchPage<long>?> AlongMetricAsync(
        RegistrySession session,
        SearchTarget target,
        SearchQuery query,
        List<string> where,
        DynamicParameters parameters,
        SearchOrdering ordering,
        KeyedJoin first,
        List<SortTerm> terms,
        object?[]? position,
        string fingerprint)
    {
        // The first term says whether it is a number, which all are here; the second is the value.
        List<SortTerm> along = [terms[1] with { IsNullable = false }, .. terms.Skip(2)];
        List<string> conditions = [first.On, $"{first.Name}.is_nan = 0", .. where];
        if (position is not null)
        {
            conditions.Add(ordering.Behind(along, position[1..]));
        }

        // A cross join is taken from left to right by SQLite; to others it means the same as any.
        string sql = $"select {target.Key}, {string.Join(", ", along.Select(static term => term.Sql))} from {first.Table} {first.Name} cross join {target.From}{ordering.FurtherJoins}"
            + $" where {string.Join(" and ", conditions)}" + End(along, query.MaxResults);
        (List<long> keys, object?[]? last) = await ReadAsync(session, sql, parameters, query.MaxResults, along.Count);
        return last is null ? null : new SearchPage<long>(keys, PageToken.Write(fingerprint, [0L, .. last]));
    }

    /// <summary>Adds the experiments and lifecycle; false when nothing can be found at all.</summary>
    private static bool AddScope(List<string> where, SearchConditions conditions, SearchTarget target, SearchQuery query, bool areFew)
    {
        // A plus keeps a condition from choosing the index: few items are looked up by their keys.
        string plus = areFew ? "+" : "";
        if (target.Experiment is not null)
        {
            string[] ids = [.. query.ExperimentIds
                .Select(static id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1)
                .Where(static number => number >= 0)
                .Distinct()
                .Select(number => conditions.Add(number))];
            if (ids.Length == 0)
            {
                return false;
            }

            where.Add(ids.Length == 1 ? $"{plus}{target.Experiment} = {ids[0]}" : $"{plus}{target.Experiment} in ({string.Join(", ", ids)})");
        }

        if (target.Deleted is not null && query.View != LifecycleView.All)
        {
            where.Add($"{plus}{target.Deleted} = {(query.View == LifecycleView.DeletedOnly ? 1 : 0)}");
        }

        return true;
    }

    private static string End(List<SortTerm> terms, int most) =>
        string.Create(CultureInfo.InvariantCulture, $" order by {SearchOrdering.Clause(terms)} limit {(long)most + 1}");

    /// <summary>The keys of a page, and by what its last item was ordered when there is a further page.</summary>
    private static async Task<(List<long> Keys, object?[]? Last)> ReadAsync(RegistrySession session, string sql, DynamicParameters parameters, int most, int terms)
    {
        List<long> keys = [];
        object?[] position = new object?[terms];
        await using DbDataReader reader = await session.ReadAsync(sql, parameters);
        while (await reader.ReadAsync(session.CancellationToken))
        {
            if (keys.Count == most)
            {
                return (keys, position);
            }

            keys.Add(reader.GetInt64(0));
            if (keys.Count == most)
            {
                for (int index = 0; index < terms; index++)
                {
                    position[index] = reader.IsDBNull(index + 1) ? null : reader.GetValue(index + 1);
                }
            }
        }

        return (keys, null);
    }
}
