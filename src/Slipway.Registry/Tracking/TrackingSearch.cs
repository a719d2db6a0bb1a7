using Slipway.Registry.Search;

namespace Slipway.Registry.Tracking;

/// <summary>What searches of experiments, runs and logged models can compare and order by.</summary>
internal static class TrackingSearch
{
    // Numbers of RunStatus and LoggedModelStatus, which are stored; a test holds the names against them.
    private const string RunStatusName =
        "(case r.status when 1 then 'RUNNING' when 2 then 'SCHEDULED' when 3 then 'FINISHED' when 4 then 'FAILED' when 5 then 'KILLED' end)";

    private const string LoggedModelStatusName =
        "(case l.status when 1 then 'PENDING' when 2 then 'READY' when 3 then 'UPLOAD_FAILED' else 'UNSPECIFIED' end)";

    public static SearchTarget Experiments { get; } = new()
    {
        Things = "experiments",
        From = "experiments e",
        Key = "e.id",
        Attributes = new Dictionary<string, SearchColumn>
        {
            ["name"] = new("e.name", SortKind.Text),
            ["experiment_id"] = new("cast(e.id as text)", SortKind.Text),
            ["creation_time"] = new("e.created_at", SortKind.Whole),
            ["last_update_time"] = new("e.updated_at", SortKind.Whole),
        },
        Tags = new KeyedTable("experiment_tags", "experiment_id"),
        Deleted = "e.is_deleted",
        DefaultOrder = [new SortTerm("e.updated_at", SortKind.Whole, Descending: true), new SortTerm("e.id", SortKind.Whole, Descending: false)],
    };

    public static SearchTarget Runs { get; } = new()
    {
        Things = "runs",
        From = "runs r",
        Key = "r.number",
        Attributes = new Dictionary<string, SearchColumn>
        {
            ["run_id"] = new("r.id", SortKind.Text),
            ["run_name"] = new("r.name", SortKind.Text),
            ["user_id"] = new("r.user_id", SortKind.Text),
            ["status"] = new(RunStatusName, SortKind.Text),
            ["artifact_uri"] = new("r.artifact_uri", SortKind.Text),
            ["start_time"] = new("r.start_time", SortKind.Whole, IsNullable: true, Largest: "r.started_order"),
            ["end_time"] = new("r.end_time", SortKind.Whole, IsNullable: true),
        },
        Tags = new KeyedTable("run_tags", "run"),
        Parameters = new KeyedTable("run_parameters", "run"),
        Metrics = new KeyedTable("latest_metrics", "run"),
        HasDatasets = true,
        Deleted = "r.is_deleted",
        Experiment = "r.experiment_id",
        DefaultOrder = [new SortTerm("r.started_order", SortKind.Whole, Descending: true), new SortTerm("r.id", SortKind.Text, Descending: false)],
    };

    public static SearchTarget LoggedModels { get; } = new()
    {
        Things = "logged models",
        From = "logged_models l",
        Key = "l.number",
        Attributes = new Dictionary<string, SearchColumn>
        {
            ["name"] = new("l.name", SortKind.Text),
            ["model_id"] = new("l.id", SortKind.Text),
            ["model_type"] = new("l.model_type", SortKind.Text, IsNullable: true),
            ["status"] = new(LoggedModelStatusName, SortKind.Text),
            ["source_run_id"] = new("l.source_run_id", SortKind.Text, IsNullable: true),
            ["experiment_id"] = new("cast(l.experiment_id as text)", SortKind.Text),
            ["creation_timestamp"] = new("l.created_at", SortKind.Whole),
            ["last_updated_timestamp"] = new("l.updated_at", SortKind.Whole),
        },
        Tags = new KeyedTable("logged_model_tags", "model"),
        Parameters = new KeyedTable("logged_model_parameters", "model"),
        Metrics = new KeyedTable("logged_model_metrics", "model", IsUnique: false),
        Deleted = "l.is_deleted",
        Experiment = "l.experiment_id",
        DefaultOrder = [new SortTerm("l.created_at", SortKind.Whole, Descending: true), new SortTerm("l.number", SortKind.Whole, Descending: true)],
    };
}
