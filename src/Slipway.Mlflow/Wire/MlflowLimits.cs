using System.Text.RegularExpressions;

namespace Slipway.Mlflow.Wire;

/// <summary>The rules for names and values that MLflow's servers keep (mlflow/utils/validation.py), in one place.</summary>
internal static partial class MlflowLimits
{
    /// <summary>Metrics in one batch.</summary>
    public const int BatchMetrics = 1000;

    /// <summary>Parameters in one batch, and tags in one batch.</summary>
    public const int BatchPairs = 100;

    /// <summary>Things in one batch altogether.</summary>
    public const int BatchTotal = 1000;

    /// <summary>Body of a batch in bytes.</summary>
    public const int BatchBytes = 1_000_000;

    /// <summary>Datasets in one call.</summary>
    public const int BatchDatasets = 1000;

    /// <summary>Items of a page of runs or experiments.</summary>
    public const int PageOfRuns = 50_000;

    /// <summary>Items of a page of registered models.</summary>
    public const int PageOfModels = 1000;

    /// <summary>Items of a page of model versions.</summary>
    public const int PageOfVersions = 200_000;

    /// <summary>Items of a page of logged models.</summary>
    public const int PageOfLoggedModels = 50;

    /// <summary>Points of a page of a metric's history.</summary>
    public const int PageOfPoints = 25_000;

    private const int Key = 250;
    private const int ParameterValue = 6000;
    private const int RunTagValue = 8000;
    private const int ExperimentTagValue = 5000;
    private const int RegistryTagValue = 100_000;
    private const int ExperimentName = 500;
    private const int AliasName = 255;

    /// <summary>A key of a metric, parameter or tag.</summary>
    /// <param name="kind">For messages: <c>Metric name</c>, <c>Param key</c>, <c>Tag key</c>.</param>
    /// <param name="field">Field that it came in.</param>
    /// <param name="name">The key.</param>
    public static string CheckKey(string kind, string field, string name)
    {
        if (!KeyCharacters().IsMatch(name))
        {
            throw MlflowException.InvalidValue(field, Quote(name),
                "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
        }

        if (name.Length == 0 || name.Split('/').Any(static segment => segment is "" or "." or ".."))
        {
            throw MlflowException.InvalidValue(field, Quote(name), "Names may be treated as files in certain cases, and must not resolve to other names when treated as such.");
        }

        return CheckLength(kind, name, Key);
    }

    /// <summary>A parameter's value; a longer one is cut, as clients expect.</summary>
    public static string CutParameter(string? value) => Cut(value, ParameterValue);

    /// <summary>A run's tag's value; a longer one is cut, as clients expect.</summary>
    public static string CutRunTag(string? value) => Cut(value, RunTagValue);

    /// <summary>An experiment's tag's value.</summary>
    public static string CheckExperimentTag(string? value) => CheckLength("Tag value", value ?? "", ExperimentTagValue);

    /// <summary>A model's or version's tag's value.</summary>
    public static string CheckRegistryTag(string? value) => CheckLength("Registered model value", value ?? "", RegistryTagValue);

    /// <summary>The name of an experiment.</summary>
    public static string CheckExperimentName(string name) => name.Length <= ExperimentName
        ? name
        : throw MlflowException.Invalid($"Experiment name exceeds the maximum length of {ExperimentName} characters");

    /// <summary>The name of a registered model.</summary>
    public static string CheckModelName(string name) => !name.AsSpan().ContainsAny('/', ':')
        ? name
        : throw MlflowException.Invalid($"Invalid name: {Quote(name)}. Registered model name cannot contain '/' or ':'.");

    /// <summary>An alias.</summary>
    public static string CheckAlias(string alias)
    {
        if (!AliasCharacters().IsMatch(alias))
        {
            throw MlflowException.Invalid($"Invalid alias name: {Quote(alias)}. Names may only contain alphanumerics, underscores (_), and dashes (-).");
        }

        CheckLength("Registered model alias name", alias, AliasName);
        if (alias.Equals("latest", StringComparison.OrdinalIgnoreCase))
        {
            throw MlflowException.Invalid("'latest' alias name (case insensitive) is reserved.");
        }

        return VersionAlias().IsMatch(alias) ? throw MlflowException.Invalid($"Version alias name '{alias}' is reserved.") : alias;
    }

    /// <summary>Identity of a run.</summary>
    public static string CheckRunId(string id) => RunIdentity().IsMatch(id) ? id : throw MlflowException.Invalid($"Invalid run ID: {Quote(id)}");

    /// <summary>Identity of an experiment.</summary>
    public static string CheckExperimentId(string id) => ExperimentIdentity().IsMatch(id) ? id : throw MlflowException.Invalid($"Invalid experiment ID: {Quote(id)}");

    /// <summary>Number of a version.</summary>
    public static long CheckVersion(string version) =>
        long.TryParse(version, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? number
            : throw MlflowException.Invalid($"Parameter 'version' must be an integer, got {Quote(version)}.");

    /// <summary>How many items a page may have.</summary>
    public static int CheckPage(MlflowFields fields, int usual, int most) => fields.Integer("max_results") switch
    {
        null => usual,
        long asked when asked <= 0 => throw MlflowException.InvalidValue("max_results", asked.ToString(System.Globalization.CultureInfo.InvariantCulture), "It must be a positive integer."),
        long asked when asked > most => throw MlflowException.InvalidValue("max_results", asked.ToString(System.Globalization.CultureInfo.InvariantCulture), $"It must be at most {most}."),
        long asked => (int)asked,
    };

    /// <summary>The token of a page; null for the first.</summary>
    public static string? PageToken(MlflowFields fields) => fields.Text("page_token") is { Length: > 0 } token ? token : null;

    /// <summary>A text that is not longer than allowed.</summary>
    public static string CheckLength(string kind, string text, int most) => text.Length <= most
        ? text
        : throw MlflowException.Invalid($"{kind} {Quote(text[..Math.Min(most, 250)])} had length {text.Length}, which exceeded length limit of {most}");

    // Cutting between the halves of a character would leave a text that is none.
    private static string Cut(string? value, int most) => value is null ? ""
        : value.Length <= most ? value
        : value[..(char.IsHighSurrogate(value[most - 1]) ? most - 1 : most)];

    private static string Quote(string text) => $"'{text}'";

    [GeneratedRegex(@"^[/\w.\- :]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyCharacters();

    [GeneratedRegex(@"^[\w\-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex AliasCharacters();

    [GeneratedRegex(@"^[vV]\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionAlias();

    [GeneratedRegex(@"^[a-zA-Z0-9][\w\-]{0,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunIdentity();

    [GeneratedRegex(@"^[a-zA-Z0-9][\w\-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ExperimentIdentity();
}
