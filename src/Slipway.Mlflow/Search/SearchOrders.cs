using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Search;

/// <summary>Reads criteria of an order: <c>identifier [ASC|DESC]</c>.</summary>
internal static class SearchOrders
{
    private const int MostCriteria = 50;

    /// <summary>Reads a list of criteria.</summary>
    /// <exception cref="MlflowException">One of them is none of this kind of search.</exception>
    public static IReadOnlyList<SearchOrder> Parse(IReadOnlyList<string> criteria, SearchRules rules) => criteria.Count <= MostCriteria
        ? [.. criteria.Select(criterion => Parse(criterion, rules))]
        : throw MlflowException.Invalid($"At most {MostCriteria} order_by clauses are allowed");

    /// <summary>The criterion that orders by a field given by its name alone.</summary>
    public static SearchOrder Of(string identifier, bool descending, SearchRules rules)
    {
        (SearchField field, string key) = SearchIdentifier.Parse(identifier, rules, rules.Orders.GetValueOrDefault);
        return rules.OrderFields.Contains(field)
            ? new SearchOrder(field, key, descending)
            : throw MlflowException.Invalid($"Invalid order_by entity: {identifier}");
    }

    private static SearchOrder Parse(string criterion, SearchRules rules)
    {
        List<FilterToken> tokens = FilterLexer.Read(criterion);
        tokens.RemoveAt(tokens.Count - 1);
        if (tokens.Count == 0 || tokens.Exists(static token => token.Kind is not (FilterTokenKind.Name or FilterTokenKind.QuotedName)))
        {
            throw Unreadable(criterion);
        }

        bool descending = tokens[^1].Is("DESC");
        if (tokens.Count > 1 && (descending || tokens[^1].Is("ASC")))
        {
            tokens.RemoveAt(tokens.Count - 1);
        }
        else
        {
            descending = false;
        }

        string identifier = string.Join(' ', tokens.Select(static token => token.Value));
        if (tokens.Count > 1 && !rules.Orders.ContainsKey(identifier))
        {
            throw tokens.Count == 2 ? MlflowException.Invalid($"Invalid ordering key in order_by clause '{criterion}'.") : Unreadable(criterion);
        }

        return Of(identifier, descending, rules);
    }

    private static MlflowException Unreadable(string criterion) => MlflowException.Invalid($"Invalid order_by clause '{criterion}'. Could not be parsed.");
}
