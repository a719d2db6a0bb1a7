using System.Globalization;
using Dapper;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Search;

/// <summary>Turns clauses into conditions. What the caller wrote travels as parameters only; names of columns come from the target.</summary>
internal sealed class SearchConditions(SearchTarget target, SqlDialect dialect, DynamicParameters parameters)
{
    private const int MaxPatternLength = 5000;
    private const int MaxOperands = 10_000;

    // Characters of a long value that are indexed; the schema says the same.
    private const int PrefixLength = 64;

    private int _count;

    /// <summary>Names a further parameter.</summary>
    public string Add(object? value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"p{_count++}");
        parameters.Add(name, value);
        return "@" + name;
    }

    public string Of(SearchClause clause, IReadOnlyList<DatasetReference> datasets) => clause.Field switch
    {
        SearchField.Attribute => Attribute(clause),
        SearchField.Tag => Keyed(clause, target.Tags, SortKind.Text, ""),
        SearchField.Parameter => Keyed(clause, target.Parameters, SortKind.Text, ""),
        SearchField.Metric => Keyed(clause, target.Metrics, SortKind.Real, Among(datasets)),
        SearchField.Dataset => Dataset(clause),
        _ => throw new ArgumentOutOfRangeException(nameof(clause), clause.Field, "unknown field"),
    };

    /// <summary>
    /// The rows of a table of keys and values that meet a clause, from <c>from</c> on, when an index finds them: equal tags and parameters, compared metrics. Null otherwise.
    /// </summary>
    public string? Lookup(SearchClause clause) => (clause.Field, clause.Operator) switch
    {
        (SearchField.Tag, SearchOperator.Equal) when target.Tags is { } tags => $"from {tags.Table} k where {Tagged(clause)}",
        (SearchField.Parameter, SearchOperator.Equal) when target.Parameters is { } texts => Lookup(clause, texts, Text(clause)),
        (SearchField.Metric, not (SearchOperator.NotEqual or SearchOperator.IsNull or SearchOperator.IsNotNull)) when target.Metrics is { IsUnique: true } metrics =>
            Lookup(clause, metrics, Number(clause)),
        _ => null,
    };

    /// <summary>A condition: the tag <c>k</c> is the one that a clause asks for.</summary>
    public string Tagged(SearchClause clause) => $"k.key = {Add(Storable(clause.Key))} and {Text(clause)}";

    /// <summary>A condition on the dataset of a metric <c>k</c>, beginning with <c>and</c>; empty when any will do.</summary>
    public string Among(IReadOnlyList<DatasetReference> datasets) => datasets.Count == 0 ? "" : " and (" + string.Join(" or ", datasets.Select(dataset =>
        dataset.Digest is null
            ? $"k.dataset_name = {Add(dataset.Name)}"
            : $"(k.dataset_name = {Add(dataset.Name)} and k.dataset_digest = {Add(dataset.Digest)})")) + ")";

    /// <summary>A condition: there is a metric on one of some datasets.</summary>
    public string Measured(IReadOnlyList<DatasetReference> datasets) => target.Metrics is { IsUnique: false } metrics
        ? dialect.Exists($"select 1 from {metrics.Table} k where k.{metrics.Owner} = {target.Key}{Among(datasets)}")
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"{target.Things} have no metrics by datasets");

    private string Lookup(SearchClause clause, KeyedTable table, string condition) =>
        $"from {table.Table} k where k.key = {Add(Storable(clause.Key))} and {condition}";

    private string Text(SearchClause clause) => Compare(clause, new SearchColumn("k.value", SortKind.Text, Prefix: "substr(k.value, 1, 64)"));

    private string Attribute(SearchClause clause) => target.Attributes.TryGetValue(clause.Key, out SearchColumn? column)
        ? Compare(clause, column)
        : throw new SlipwayException(
            ErrorCode.InvalidRequest, $"{target.Things} can't be searched by '{clause.Key}'; there are {string.Join(", ", target.Attributes.Keys)}");

    private string Keyed(SearchClause clause, KeyedTable? table, SortKind kind, string further)
    {
        if (table is null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"{target.Things} can't be searched by {Word(clause.Field)}s");
        }

        string has = $"select 1 from {table.Table} k where k.{table.Owner} = {target.Key} and k.key = {Add(Storable(clause.Key))}{further}";
        return clause.Operator switch
        {
            SearchOperator.IsNull => $"not ({dialect.Exists(has)})",
            SearchOperator.IsNotNull => dialect.Exists(has),
            _ when kind == SortKind.Real => dialect.Exists($"{has} and {Number(clause)}"),
            _ => dialect.Exists($"{has} and {Text(clause)}"),
        };
    }

    /// <summary>A metric that is no number differs from every number, and compares with none.</summary>
    private string Number(SearchClause clause)
    {
        double operand = clause.Operator is SearchOperator.In or SearchOperator.NotIn or SearchOperator.Like or SearchOperator.LikeIgnoringCase
            ? throw Unfit(clause, "metrics are compared with =, !=, >, >=, <, <=")
            : Single(clause).Number ?? throw Unfit(clause, "a number was expected");
        return (clause.Operator, double.IsNaN(operand)) switch
        {
            (SearchOperator.NotEqual, true) => "1 = 1",
            (SearchOperator.NotEqual, false) => $"(k.is_nan = 1 or k.value <> {Add(operand)})",
            (_, true) => "1 = 0",
            _ => $"k.is_nan = 0 and k.value {Symbol(clause)} {Add(operand)}",
        };
    }

    private string Dataset(SearchClause clause)
    {
        if (!target.HasDatasets)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"{target.Things} can't be searched by datasets");
        }

        string column = clause.Key switch
        {
            "name" => "d.name",
            "digest" => "d.digest",
            "context" => "u.context",
            _ => throw new SlipwayException(ErrorCode.InvalidRequest, $"datasets can't be searched by '{clause.Key}'; there are name, digest, context"),
        };
        return dialect.Exists($"select 1 from run_datasets u join datasets d on d.id = u.dataset_id where u.run = {target.Key} "
            + $"and {Compare(clause, new SearchColumn(column, SortKind.Text, IsNullable: true))}");
    }

    private string Compare(SearchClause clause, SearchColumn column) => clause.Operator switch
    {
        SearchOperator.IsNull => $"{column.Sql} is null",
        SearchOperator.IsNotNull => $"{column.Sql} is not null",
        SearchOperator.Like => dialect.Like(column.Sql, Add(dialect.LikePattern(Pattern(clause, column)))),
        SearchOperator.LikeIgnoringCase => dialect.LikeIgnoringCase(column.Sql, Add(dialect.LikeIgnoringCasePattern(Pattern(clause, column)))),
        SearchOperator.In => Several(clause, column, "in", "1 = 0"),
        SearchOperator.NotIn => Several(clause, column, "not in", $"{column.Sql} is not null"),

        // A prefix that is shorter than prefixes are is the whole value: the index alone then answers, and no row is looked up.
        SearchOperator.Equal when column.Prefix is { } prefix && Operand(clause, column, Single(clause)) is string { Length: < PrefixLength } text => $"{prefix} = {Add(text)}",

        // Not written as equal: SQLite would put the constant into the indexed expression as well, and then not know the index.
        SearchOperator.Equal when column.Prefix is { } prefix && Operand(clause, column, Single(clause)) is string text && Add(text) is var whole =>
            $"{prefix} = {Add(FirstCharacters(text))} and {column.Sql} between {whole} and {whole}",
        _ when Operand(clause, column, Single(clause)) is { } operand => $"{column.Sql} {Symbol(clause)} {Add(operand)}",

        // Only a number that is none has no operand: it differs from everything.
        _ => clause.Operator == SearchOperator.NotEqual ? $"{column.Sql} is not null" : "1 = 0",
    };

    private string Several(SearchClause clause, SearchColumn column, string word, string whenNone)
    {
        if (clause.Values.Count > MaxOperands)
        {
            throw Unfit(clause, $"at most {MaxOperands} values were expected");
        }

        object[] operands = [.. clause.Values.Select(value => Operand(clause, column, value)).OfType<object>()];
        return operands.Length == 0 ? whenNone : $"{column.Sql} {word} ({string.Join(", ", operands.Select(Add))})";
    }

    private static SearchValue Single(SearchClause clause) =>
        clause.Values.Count == 1 ? clause.Values[0] : throw Unfit(clause, "one value was expected");

    private static object? Operand(SearchClause clause, SearchColumn column, SearchValue value)
    {
        if (column.Kind == SortKind.Text)
        {
            return Storable(value.Text ?? throw Unfit(clause, "a quoted string was expected"));
        }

        double number = value.Number ?? throw Unfit(clause, "a number was expected");

        // A whole number is compared as such, so that the index of the column serves.
        return double.IsNaN(number) ? null
            : double.IsInteger(number) && Math.Abs(number) < 9e18 ? (long)number
            : number;
    }

    private static string Pattern(SearchClause clause, SearchColumn column)
    {
        string pattern = column.Kind == SortKind.Text
            ? Storable(Single(clause).Text ?? throw Unfit(clause, "a quoted string was expected"))
            : throw Unfit(clause, "numbers have no patterns");
        return pattern.Length <= MaxPatternLength ? pattern : throw Unfit(clause, $"a pattern of at most {MaxPatternLength} characters was expected");
    }

    private static string Symbol(SearchClause clause) => clause.Operator switch
    {
        SearchOperator.Equal => "=",
        SearchOperator.NotEqual => "<>",
        SearchOperator.Greater => ">",
        SearchOperator.GreaterOrEqual => ">=",
        SearchOperator.Less => "<",
        SearchOperator.LessOrEqual => "<=",
        _ => throw Unfit(clause, "a comparison was expected"),
    };

    /// <summary>The first characters as the database counts them, which a pair of surrogates is one of.</summary>
    private static string FirstCharacters(string text)
    {
        int end = 0;
        for (int count = 0; count < PrefixLength && end < text.Length; count++)
        {
            end += char.IsHighSurrogate(text[end]) ? 2 : 1;
        }

        return text[..end];
    }

    private static string Storable(string text) => StoredText.IsStorable(text)
        ? text
        : throw new SlipwayException(ErrorCode.InvalidRequest, "a condition holds a null character or half of a surrogate pair");

    private static SlipwayException Unfit(SearchClause clause, string expected) =>
        new(ErrorCode.InvalidRequest, $"the condition on {Word(clause.Field)} '{clause.Key}' does not fit: {expected}");

    private static string Word(SearchField field) => field.ToString().ToLowerInvariant();
}
