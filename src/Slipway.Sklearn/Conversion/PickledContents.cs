using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>Says in words what a pickle holds in place of an estimator.</summary>
internal static class PickledContents
{
    private const int MostShown = 6;

    /// <summary>Such as <c>a dictionary of 'model' (SVC), 'scaler' (StandardScaler)</c>.</summary>
    public static string Describe(object? value) => value switch
    {
        PickleDict { Entries.Count: > 0 } dict => $"a dictionary of {List(dict.Entries.Select(static entry => $"'{Name(entry.Key)}' ({Kind(entry.Value)})"), dict.Entries.Count)}",
        PickleTuple { Count: > 0 } tuple => $"a tuple of {List(tuple.Items.Select(Kind), tuple.Count)}",
        PickleList { Items.Count: > 0 } list => $"a list of {List(list.Items.Select(Kind), list.Items.Count)}",
        NumpyArray => "an array",
        null => "nothing (None)",
        _ => "a plain value",
    };

    private static string Kind(object? value) => value switch
    {
        PickleObject target => target.Type.Name,
        PickleDict => "dictionary",
        PickleTuple => "tuple",
        PickleList => "list",
        NumpyArray => "array",
        string => "text",
        null => "None",
        _ => "value",
    };

    /// <summary>A key as a message may show it.</summary>
    public static string Name(object? key) => key is string { Length: <= 40 } text && !text.Any(char.IsControl) ? text : "…";

    private static string List(IEnumerable<string> parts, int count) => string.Join(", ", parts.Take(MostShown)) + (count > MostShown ? $" and {count - MostShown} more" : "");
}
