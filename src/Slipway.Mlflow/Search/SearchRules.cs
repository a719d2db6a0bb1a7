using Slipway.Core;

namespace Slipway.Mlflow.Search;

/// <summary>What one kind of search may compare and order by.</summary>
internal sealed class SearchRules
{
    private static readonly IReadOnlyDictionary<string, SearchField> RunFields = new Dictionary<string, SearchField>
    {
        ["metric"] = SearchField.Metric,
        ["metrics"] = SearchField.Metric,
        ["param"] = SearchField.Parameter,
        ["params"] = SearchField.Parameter,
        ["parameter"] = SearchField.Parameter,
        ["parameters"] = SearchField.Parameter,
        ["tag"] = SearchField.Tag,
        ["tags"] = SearchField.Tag,
        ["attribute"] = SearchField.Attribute,
        ["attributes"] = SearchField.Attribute,
        ["attr"] = SearchField.Attribute,
        ["run"] = SearchField.Attribute,
        ["dataset"] = SearchField.Dataset,
        ["datasets"] = SearchField.Dataset,
    };

    private static readonly IReadOnlyDictionary<string, SearchField> TaggedFields = new Dictionary<string, SearchField>
    {
        ["attribute"] = SearchField.Attribute,
        ["tag"] = SearchField.Tag,
        ["tags"] = SearchField.Tag,
    };

    private static readonly IReadOnlySet<SearchOperator> Lists = new HashSet<SearchOperator> { SearchOperator.In, SearchOperator.NotIn };

    /// <summary>Runs.</summary>
    public static SearchRules Runs { get; } = new()
    {
        Prefixes = RunFields,
        Strings = Names("run_id", "run_name", "user_id", "status", "artifact_uri", ("run name", "run_name"), ("Run name", "run_name"), ("Run Name", "run_name")),
        Numbers = Names("start_time", "end_time", ("created", "start_time"), ("Created", "start_time")),
        Listable = new HashSet<string> { "run_id" },
        ListOperators = Lists,
        Orders = Names("run_id", "run_name", "user_id", "status", "artifact_uri", "start_time", "end_time", ("created", "start_time"), ("Created", "start_time"),
            ("run name", "run_name"), ("Run name", "run_name"), ("Run Name", "run_name")),
        OrderFields = new HashSet<SearchField> { SearchField.Attribute, SearchField.Metric, SearchField.Parameter, SearchField.Tag },
    };

    /// <summary>Experiments.</summary>
    public static SearchRules Experiments { get; } = new()
    {
        Prefixes = TaggedFields,
        Strings = Names("name"),
        Numbers = Names("creation_time", "last_update_time"),
        Listable = new HashSet<string>(),
        ListOperators = Lists,
        Orders = Names("name", "experiment_id", "creation_time", "last_update_time"),
    };

    /// <summary>Registered models.</summary>
    public static SearchRules RegisteredModels { get; } = new()
    {
        Prefixes = TaggedFields,
        Strings = Names("name"),
        Numbers = Names(),
        Listable = new HashSet<string>(),
        ListOperators = new HashSet<SearchOperator>(),
        Orders = Names("name", "last_updated_timestamp", "creation_timestamp", ("timestamp", "last_updated_timestamp")),
    };

    /// <summary>Versions of models.</summary>
    public static SearchRules ModelVersions { get; } = new()
    {
        Prefixes = TaggedFields,
        Strings = Names("name", "run_id", "source_path"),
        Numbers = Names("version_number"),
        Listable = new HashSet<string> { "run_id" },
        ListOperators = new HashSet<SearchOperator> { SearchOperator.In },
        Orders = Names("name", "version_number", "creation_timestamp", "last_updated_timestamp"),
    };

    /// <summary>Logged models.</summary>
    public static SearchRules LoggedModels { get; } = new()
    {
        Prefixes = RunFields.Where(static pair => pair.Value != SearchField.Dataset && pair.Key != "run").ToDictionary(),
        Strings = Names("name", "model_id", "model_type", "status", "source_run_id", "experiment_id"),
        Numbers = Names("creation_timestamp", "last_updated_timestamp", ("creation_time", "creation_timestamp"), ("creation_timestamp_ms", "creation_timestamp"),
            ("last_updated_time", "last_updated_timestamp"), ("last_updated_timestamp_ms", "last_updated_timestamp")),
        Listable = new HashSet<string> { "name", "model_id", "model_type", "status", "source_run_id", "experiment_id" },
        ListOperators = Lists,
        Orders = Names("name", "model_id", "model_type", "status", "source_run_id", "experiment_id", "creation_timestamp", "last_updated_timestamp",
            ("creation_time", "creation_timestamp"), ("creation_timestamp_ms", "creation_timestamp"),
            ("last_updated_time", "last_updated_timestamp"), ("last_updated_timestamp_ms", "last_updated_timestamp")),
        OrderFields = new HashSet<SearchField> { SearchField.Attribute, SearchField.Metric },
        TakesBareTexts = true,
    };

    /// <summary>Keys of a dataset.</summary>
    public static IReadOnlyList<string> DatasetKeys { get; } = ["name", "digest", "context"];

    /// <summary>Words before the first dot and what they mean.</summary>
    public required IReadOnlyDictionary<string, SearchField> Prefixes { get; init; }

    /// <summary>Attributes that are texts: spelling to name.</summary>
    public required IReadOnlyDictionary<string, string> Strings { get; init; }

    /// <summary>Attributes that are numbers: spelling to name.</summary>
    public required IReadOnlyDictionary<string, string> Numbers { get; init; }

    /// <summary>Attributes that may be compared with a list.</summary>
    public required IReadOnlySet<string> Listable { get; init; }

    /// <summary>Which comparisons with a list there are.</summary>
    public required IReadOnlySet<SearchOperator> ListOperators { get; init; }

    /// <summary>Attributes to order by: spelling to name.</summary>
    public required IReadOnlyDictionary<string, string> Orders { get; init; }

    /// <summary>Whether a text may stand without quotes, as in <c>params.lr = 0.1</c>.</summary>
    public bool TakesBareTexts { get; init; }

    /// <summary>What can be ordered by.</summary>
    public IReadOnlySet<SearchField> OrderFields { get; init; } = new HashSet<SearchField> { SearchField.Attribute };

    private static Dictionary<string, string> Names(params Spelling[] names) => names.ToDictionary(static name => name.Written, static name => name.Meant, StringComparer.Ordinal);

    private readonly record struct Spelling(string Written, string Meant)
    {
        public static implicit operator Spelling(string name) => new(name, name);

        public static implicit operator Spelling((string Written, string Meant) alias) => new(alias.Written, alias.Meant);
    }
}
