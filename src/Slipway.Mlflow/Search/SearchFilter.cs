using System.Globalization;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Search;

/// <summary>
/// Reads filters: clauses joined by <c>AND</c>, each <c>identifier comparator value</c>, <c>identifier [NOT] IN (…)</c> or <c>identifier IS [NOT] NULL</c>. There is no OR and there are no
/// parentheses but around lists.
/// </summary>
internal sealed class SearchFilter
{
    private const int MostClauses = 200;
    private const int MostListValues = 10_000;

    private readonly string _text;
    private readonly SearchRules _rules;
    private readonly List<FilterToken> _tokens;
    private int _next;

    private SearchFilter(string text, SearchRules rules)
    {
        _text = text;
        _rules = rules;
        _tokens = FilterLexer.Read(text);
    }

    private FilterToken Current => _tokens[_next];

    /// <summary>Reads a filter; none when it is null or blank.</summary>
    /// <exception cref="MlflowException">It is no filter of this kind of search.</exception>
    public static IReadOnlyList<SearchClause> Parse(string? filter, SearchRules rules) =>
        string.IsNullOrWhiteSpace(filter) ? [] : new SearchFilter(filter, rules).ReadClauses();

    private List<SearchClause> ReadClauses()
    {
        List<SearchClause> clauses = [];
        while (true)
        {
            // As the reference has it, an AND too many says nothing.
            while (Current.Is("AND"))
            {
                _next++;
            }

            if (Current.Kind == FilterTokenKind.End)
            {
                return clauses;
            }

            if (clauses.Count == MostClauses)
            {
                throw MlflowException.Invalid($"The filter has more than {MostClauses} clauses");
            }

            clauses.Add(ReadClause());
            if (Current.Kind != FilterTokenKind.End && !Current.Is("AND"))
            {
                throw InvalidClauses(Current.Start);
            }
        }
    }

    private SearchClause ReadClause()
    {
        int start = Current.Start;
        SearchIdentifier identifier = ReadIdentifier(start);
        FilterToken comparator = Current;
        _next++;
        if (comparator.Kind == FilterTokenKind.Comparator)
        {
            return Compare(identifier, Symbol(comparator.Value), comparator.Value);
        }

        if (comparator.Is("LIKE") || comparator.Is("ILIKE"))
        {
            return Compare(identifier, comparator.Is("LIKE") ? SearchOperator.Like : SearchOperator.LikeIgnoringCase, comparator.Value);
        }

        if (comparator.Is("IN"))
        {
            return List(identifier, SearchOperator.In);
        }

        if (comparator.Is("NOT") && Current.Is("IN"))
        {
            _next++;
            return List(identifier, SearchOperator.NotIn);
        }

        return comparator.Is("IS") ? ReadNullTest(identifier, start) : throw InvalidClauses(start);
    }

    // An attribute's spelling may have a blank in it: run name.
    private SearchIdentifier ReadIdentifier(int start)
    {
        FilterToken first = Current;
        if (first.Kind is not (FilterTokenKind.Name or FilterTokenKind.QuotedName))
        {
            throw InvalidClauses(start);
        }

        _next++;
        string text = first.Value;
        if (Current.Kind == FilterTokenKind.Name && Attribute($"{text} {Current.Value}") is not null)
        {
            text = $"{text} {Current.Value}";
            _next++;
        }

        return SearchIdentifier.Parse(text, _rules, Attribute);
    }

    private string? Attribute(string key) => _rules.Strings.GetValueOrDefault(key) ?? _rules.Numbers.GetValueOrDefault(key);

    private bool IsNumeric(SearchIdentifier identifier) => identifier.Field == SearchField.Metric
        || (identifier.Field == SearchField.Attribute && _rules.Numbers.Values.Contains(identifier.Key));

    private SearchClause Compare(SearchIdentifier identifier, SearchOperator? known, string written)
    {
        bool numeric = IsNumeric(identifier);
        if (known is not { } comparison || numeric != IsOrdering(comparison) && comparison is not (SearchOperator.Equal or SearchOperator.NotEqual))
        {
            string valid = numeric ? "'=', '!=', '>', '>=', '<', '<='" : "'=', '!=', 'LIKE', 'ILIKE'";
            throw MlflowException.Invalid($"Invalid comparator '{written}' not one of {valid}");
        }

        FilterToken value = Current;
        _next++;
        return new SearchClause(identifier.Field, identifier.Key, comparison, [numeric ? Number(identifier, value) : Text(identifier, value)]);
    }

    private SearchValue Number(SearchIdentifier identifier, FilterToken value) =>
        value.Kind == FilterTokenKind.Number && double.TryParse(value.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? new SearchValue(null, number)
            : throw MlflowException.Invalid($"Expected numeric value type for {Describe(identifier)}. Found {Written(value)}");

    private SearchValue Text(SearchIdentifier identifier, FilterToken value) => value.Kind switch
    {
        FilterTokenKind.Text or FilterTokenKind.QuotedName => new SearchValue(value.Value, null),
        FilterTokenKind.Name or FilterTokenKind.Number when _rules.TakesBareTexts => new SearchValue(value.Value, null),
        FilterTokenKind.Name => throw MlflowException.Invalid(
            $"Parameter value is either not quoted or unidentified quote types used for string value {value.Value}. Use either single or double quotes."),
        FilterTokenKind.Open => throw MlflowException.Invalid($"Only 'IN' and 'NOT IN' compare with a list of quoted string values, for {Describe(identifier)} a single one was expected."),
        _ => throw MlflowException.Invalid($"Expected a quoted string value for {Describe(identifier)} (e.g. 'my-value'). Got value {Written(value)}"),
    };

    private SearchClause List(SearchIdentifier identifier, SearchOperator comparison)
    {
        bool allowed = identifier.Field == SearchField.Dataset || (identifier.Field == SearchField.Attribute && _rules.Listable.Contains(identifier.Key));
        if (!allowed)
        {
            string which = _rules.Listable.Count == 0 ? "No attribute" : $"Only the '{string.Join("', '", _rules.Listable)}' attribute";
            throw MlflowException.Invalid($"{which} supports comparison with a list of quoted string values.");
        }

        if (!_rules.ListOperators.Contains(comparison))
        {
            throw MlflowException.Invalid($"Invalid comparator 'NOT IN' for {Describe(identifier)}");
        }

        List<SearchValue> values = [];
        FilterTokenKind separator = FilterTokenKind.Open;
        while (true)
        {
            if (Current.Kind != separator)
            {
                throw IllFormedList();
            }

            _next++;
            if (Current.Kind is not (FilterTokenKind.Text or FilterTokenKind.QuotedName) || values.Count == MostListValues)
            {
                throw IllFormedList();
            }

            values.Add(new SearchValue(Current.Value, null));
            _next++;
            if (Current.Kind == FilterTokenKind.Close)
            {
                _next++;
                return new SearchClause(identifier.Field, identifier.Key, comparison, values);
            }

            separator = FilterTokenKind.Comma;
        }
    }

    private SearchClause ReadNullTest(SearchIdentifier identifier, int start)
    {
        bool negated = Current.Is("NOT");
        _next += negated ? 1 : 0;
        if (!Current.Is("NULL"))
        {
            throw InvalidClauses(start);
        }

        _next++;
        return identifier.Field is SearchField.Tag or SearchField.Parameter
            ? new SearchClause(identifier.Field, identifier.Key, negated ? SearchOperator.IsNotNull : SearchOperator.IsNull, [])
            : throw MlflowException.Invalid("IS NULL / IS NOT NULL is only supported for tags and params.");
    }

    private static SearchOperator? Symbol(string symbol) => symbol switch
    {
        "=" => SearchOperator.Equal,
        "!=" => SearchOperator.NotEqual,
        ">" => SearchOperator.Greater,
        ">=" => SearchOperator.GreaterOrEqual,
        "<" => SearchOperator.Less,
        "<=" => SearchOperator.LessOrEqual,
        _ => null,
    };

    private static bool IsOrdering(SearchOperator comparison) =>
        comparison is SearchOperator.Greater or SearchOperator.GreaterOrEqual or SearchOperator.Less or SearchOperator.LessOrEqual;

    private static string Describe(SearchIdentifier identifier) => identifier.Field switch
    {
        SearchField.Metric => "metric",
        SearchField.Parameter => "parameter",
        SearchField.Tag => "tag",
        SearchField.Dataset => "dataset attributes",
        _ => $"attribute '{identifier.Key}'",
    };

    private string Written(FilterToken token) => token.Kind == FilterTokenKind.End ? "nothing" : _text[token.Start..token.End];

    private MlflowException InvalidClauses(int start) => MlflowException.Invalid($"Invalid clause(s) in filter string: '{_text[Math.Min(start, _text.Length)..]}'");

    private static MlflowException IllFormedList() =>
        MlflowException.Invalid("While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.");
}
