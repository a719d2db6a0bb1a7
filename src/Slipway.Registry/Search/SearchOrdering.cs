using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Search;

/// <summary>Turns the criteria of an order into terms, the joins that they need, and the condition of what lies behind a position.</summary>
internal sealed class SearchOrdering(SearchTarget target, SearchConditions conditions)
{
    private const int MaxCriteria = 20;

    private readonly List<KeyedJoin> _joins = [];

    /// <summary>Joins that the terms refer to.</summary>
    public string Joins => string.Concat(_joins.Select(static join => join.Outer));

    /// <summary>The joins without the first, which the search then begins with.</summary>
    public string FurtherJoins => string.Concat(_joins.Skip(1).Select(static join => join.Outer));

    /// <summary>The first join; null when there is none.</summary>
    public KeyedJoin? FirstJoin => _joins.Count > 0 ? _joins[0] : null;

    /// <summary>The terms of the criteria, with those that break ties.</summary>
    public List<SortTerm> Terms(IReadOnlyList<SearchOrder> criteria)
    {
        if (criteria.Count > MaxCriteria)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"an order of at most {MaxCriteria} criteria was expected");
        }

        List<SortTerm> terms = [];
        foreach (SearchOrder criterion in criteria)
        {
            terms.AddRange(Of(criterion).Where(term => terms.TrueForAll(known => known.Sql != term.Sql)));
        }

        terms.AddRange(target.DefaultOrder.Where(term => terms.TrueForAll(known => known.Sql != term.Sql)));
        return terms;
    }

    /// <summary>The condition of everything behind <paramref name="position"/> in the order of <paramref name="terms"/>.</summary>
    public string Behind(IReadOnlyList<SortTerm> terms, IReadOnlyList<object?> position)
    {
        string[] parameters = [.. position.Select(value => value is null ? "" : conditions.Add(value))];
        string behind = "1 = 0";
        for (int index = terms.Count - 1; index >= 0; index--)
        {
            SortTerm term = terms[index];
            string beyond = $"{term.Sql} {(term.Descending ? '<' : '>')} {parameters[index]}";
            behind = position[index] is null ? $"({term.Sql} is null and {behind})"
                : term.IsNullable ? $"({beyond} or {term.Sql} is null or ({term.Sql} = {parameters[index]} and {behind}))"
                : $"({beyond} or ({term.Sql} = {parameters[index]} and {behind}))";
        }

        // Says again what follows already, as a range that an index can begin at; without it every page would be read from the first.
        return terms[0].IsNullable || position[0] is null ? behind : $"{terms[0].Sql} {(terms[0].Descending ? "<=" : ">=")} {parameters[0]} and {behind}";
    }

    /// <summary>The <c>order by</c> of the terms.</summary>
    public static string Clause(IReadOnlyList<SortTerm> terms) => string.Join(
        ", ", terms.Select(static term => $"{term.Sql} {(term.Descending ? "desc" : "asc")}{(term.IsNullable ? " nulls last" : "")}"));

    private SortTerm[] Of(SearchOrder criterion) => criterion.Field switch
    {
        SearchField.Attribute => target.Attributes.TryGetValue(criterion.Key, out SearchColumn? column)
            ? [criterion.Descending && column.Largest is { } largest
                ? new SortTerm(largest, column.Kind, Descending: true)
                : new SortTerm(column.Sql, column.Kind, criterion.Descending, column.IsNullable)]
            : throw new SlipwayException(
                ErrorCode.InvalidRequest, $"{target.Things} can't be ordered by '{criterion.Key}'; there are {string.Join(", ", target.Attributes.Keys)}"),
        SearchField.Tag => [Text(criterion, target.Tags)],
        SearchField.Parameter => [Text(criterion, target.Parameters)],
        SearchField.Metric => Metric(criterion, target.Metrics ?? throw Unordered(criterion)),
        _ => throw Unordered(criterion),
    };

    private SortTerm Text(SearchOrder criterion, KeyedTable? table) =>
        new($"{Join(criterion, table ?? throw Unordered(criterion))}.value", SortKind.Text, criterion.Descending, IsNullable: true);

    /// <summary>Numbers first, then what is none, then what is not there; the direction is that of the numbers only.</summary>
    private SortTerm[] Metric(SearchOrder criterion, KeyedTable table)
    {
        if (table.IsUnique)
        {
            string joined = Join(criterion, table);
            return
            [
                new($"{joined}.is_nan", SortKind.Whole, Descending: false, IsNullable: true),
                new($"{joined}.value", SortKind.Real, criterion.Descending, IsNullable: true),
            ];
        }

        // Of several values the one that was written last counts; of runs it is the one of the largest step, which their table holds.
        string dataset = criterion.DatasetName is null ? ""
            : conditions.Among([new DatasetReference(criterion.DatasetName, criterion.DatasetDigest)]);
        string latest = $"from {table.Table} k where k.{table.Owner} = {target.Key} and k.key = {conditions.Add(criterion.Key)}{dataset} "
            + "order by k.occurred_at desc, k.step desc, k.is_nan, k.value desc limit 1)";
        return
        [
            new($"(select k.is_nan {latest}", SortKind.Whole, Descending: false, IsNullable: true),
            new($"(select k.value {latest}", SortKind.Real, criterion.Descending, IsNullable: true),
        ];
    }

    private string Join(SearchOrder criterion, KeyedTable table)
    {
        string name = $"o{_joins.Count}";
        _joins.Add(new KeyedJoin(
            table.Table, name, $"{name}.{table.Owner} = {target.Key} and {name}.key = {conditions.Add(StoredText.Key(criterion.Key, "the key of an order"))}"));
        return name;
    }

    private SlipwayException Unordered(SearchOrder criterion) => new(
        ErrorCode.InvalidRequest, $"{target.Things} can't be ordered by {criterion.Field.ToString().ToLowerInvariant()}s");
}

/// <summary>A table of keys and values that an order needs beside the items.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">Short name.</param>
/// <param name="On">What belongs together.</param>
internal sealed record KeyedJoin(string Table, string Name, string On)
{
    /// <summary>Keeps items that lack the key.</summary>
    public string Outer => $" left join {Table} {Name} on {On}";
}
