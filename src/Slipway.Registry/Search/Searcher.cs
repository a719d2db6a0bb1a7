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

    /// <summary>The keys of a page, in order, and the token of the next one.</summary>
    /// <param name="session">Where.</param>
    /// <param name="target">What.</param>
    /// <param name="query">The search.</param>
    /// <param name="datasets">When not empty: metrics count only on one of these.</param>
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
        List<string> where = [];
        if (!AddScope(where, conditions, target, query))
        {
            return new SearchPage<long>([], null);
        }

        where.AddRange(query.Clauses.Select(clause => conditions.Of(clause, datasets)));
        SearchOrdering ordering = new(target, conditions);
        List<SortTerm> terms = ordering.Terms(query.Order);
        string fingerprint = PageToken.Fingerprint(target.Things, query, string.Join('\u0007', datasets));
        if (query.PageToken is { Length: > 0 } token)
        {
            where.Add(ordering.Behind(terms, PageToken.Read(token, fingerprint, terms)));
        }

        string sql = $"select {target.Key}, {string.Join(", ", terms.Select(static term => term.Sql))} from {target.From}{ordering.Joins}"
            + (where.Count == 0 ? "" : " where " + string.Join(" and ", where))
            + string.Create(CultureInfo.InvariantCulture, $" order by {SearchOrdering.Clause(terms)} limit {(long)query.MaxResults + 1}");
        return await ReadAsync(session, sql, parameters, query.MaxResults, terms.Count, fingerprint);
    }

    /// <summary>Adds the experiments and lifecycle; false when nothing can be found at all.</summary>
    private static bool AddScope(List<string> where, SearchConditions conditions, SearchTarget target, SearchQuery query)
    {
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

            where.Add(ids.Length == 1 ? $"{target.Experiment} = {ids[0]}" : $"{target.Experiment} in ({string.Join(", ", ids)})");
        }

        if (target.Deleted is not null && query.View != LifecycleView.All)
        {
            where.Add($"{target.Deleted} = {(query.View == LifecycleView.DeletedOnly ? 1 : 0)}");
        }

        return true;
    }

    private static async Task<SearchPage<long>> ReadAsync(
        RegistrySession session, string sql, DynamicParameters parameters, int most, int terms, string fingerprint)
    {
        List<long> keys = [];
        object?[] position = new object?[terms];
        await using DbDataReader reader = await session.ReadAsync(sql, parameters);
        while (await reader.ReadAsync(session.CancellationToken))
        {
            if (keys.Count == most)
            {
                return new SearchPage<long>(keys, PageToken.Write(fingerprint, position));
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

        return new SearchPage<long>(keys, null);
    }
}
