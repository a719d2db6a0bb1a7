using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Search;

/// <summary>What a clause or an order speaks of.</summary>
/// <param name="Field">Kind of thing.</param>
/// <param name="Key">Name of it.</param>
internal readonly record struct SearchIdentifier(SearchField Field, string Key)
{
    /// <summary>Reads <c>prefix.key</c>, or a bare attribute; only the first dot separates.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="rules">What may be named.</param>
    /// <param name="attributes">Spellings of attributes and what they mean.</param>
    /// <exception cref="MlflowException">An unknown prefix or attribute.</exception>
    public static SearchIdentifier Parse(string text, SearchRules rules, Func<string, string?> attributes)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        string prefix = dot < 0 ? "attribute" : Unquote(text[..dot]);
        if (!rules.Prefixes.TryGetValue(prefix, out SearchField field))
        {
            throw MlflowException.Invalid($"Invalid entity type '{prefix}'. Valid values are {List(rules.Prefixes.Keys)}");
        }

        string key = Unquote(text[(dot + 1)..]);
        if (key.Length == 0)
        {
            throw MlflowException.Invalid($"Invalid identifier '{text}': a key was expected behind the dot");
        }

        return field switch
        {
            SearchField.Attribute => new SearchIdentifier(field, attributes(key)
                ?? throw MlflowException.Invalid($"Invalid attribute key '{key}' specified. Valid keys are {List(rules.Strings.Keys.Concat(rules.Numbers.Keys).Concat(rules.Orders.Keys).Distinct())}")),
            SearchField.Dataset when !SearchRules.DatasetKeys.Contains(key) =>
                throw MlflowException.Invalid($"Invalid dataset key '{key}' specified. Valid keys are {List(SearchRules.DatasetKeys)}"),
            _ => new SearchIdentifier(field, key),
        };
    }

    private static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '`' or '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;

    private static string List(IEnumerable<string> names) => "[" + string.Join(", ", names.Select(static name => $"'{name}'")) + "]";
}
