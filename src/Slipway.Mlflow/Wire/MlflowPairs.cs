namespace Slipway.Mlflow.Wire;

/// <summary>Lists of <c>{"key": …, "value": …}</c>.</summary>
internal static class MlflowPairs
{
    /// <summary>Reads a list of tags; of several with one key the last counts.</summary>
    /// <param name="fields">Where the list is.</param>
    /// <param name="name">Field that holds it.</param>
    /// <param name="value">Checks or cuts a value.</param>
    public static Dictionary<string, string> Tags(MlflowFields fields, string name, Func<string?, string> value)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (MlflowFields pair in fields.Objects(name))
        {
            pairs[MlflowLimits.CheckKey("Tag key", "key", pair.Required("key"))] = value(pair.Text("value"));
        }

        return pairs;
    }

    /// <summary>Reads a list of parameters; a key that comes twice is refused.</summary>
    public static Dictionary<string, string> Parameters(MlflowFields fields, string name)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (MlflowFields pair in fields.Objects(name))
        {
            string key = MlflowLimits.CheckKey("Param key", "key", pair.Required("key"));
            if (!pairs.TryAdd(key, MlflowLimits.CutParameter(pair.Text("value"))))
            {
                throw MlflowException.Invalid(
                    $"Duplicate parameter keys have been submitted: ['{key}']. Please ensure the request contains only one param value per param key.");
            }
        }

        return pairs;
    }
}
