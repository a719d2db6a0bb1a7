using Slipway.Registry.Search;

namespace Slipway.Registry.Models;

/// <summary>What searches of models and versions can compare and order by.</summary>
internal static class ModelSearch
{
    private static readonly SearchColumn ModelName = new("m.name", SortKind.Text);

    private static readonly SearchColumn VersionNumber = new("v.number", SortKind.Whole);

    public static SearchTarget Models { get; } = new()
    {
        Things = "models",
        From = "models m",
        Key = "m.id",
        Attributes = new Dictionary<string, SearchColumn>
        {
            ["name"] = ModelName,
            ["creation_timestamp"] = new("m.created_at", SortKind.Whole),
            ["last_updated_timestamp"] = new("m.updated_at", SortKind.Whole),
        },
        Tags = new KeyedTable("model_tags", "model_id"),
        DefaultOrder = [new SortTerm(ModelName.Sql, SortKind.Text, Descending: false)],
    };

    public static SearchTarget Versions { get; } = new()
    {
        Things = "versions",
        From = "versions v",
        Key = "v.id",
        Attributes = new Dictionary<string, SearchColumn>
        {
            ["name"] = new("v.model", SortKind.Text),
            ["version_number"] = VersionNumber,
            ["run_id"] = new("v.run_id", SortKind.Text, IsNullable: true),
            ["source_path"] = new("v.source", SortKind.Text, Prefix: "substr(v.source, 1, 64)"),
            ["creation_timestamp"] = new("v.created_at", SortKind.Whole),
            ["last_updated_timestamp"] = new("v.updated_at", SortKind.Whole),
            ["stage"] = new("v.stage", SortKind.Text),
            ["digest"] = new("v.manifest", SortKind.Text, IsNullable: true),
            ["training_data_digest"] = new("v.training_data_digest", SortKind.Text, IsNullable: true),
        },
        Tags = new KeyedTable("version_tags", "version_id") { Order = ["k.model", "k.number"] },
        DefaultOrder = [new SortTerm("v.model", SortKind.Text, Descending: false), new SortTerm(VersionNumber.Sql, SortKind.Whole, Descending: true)],
    };
}
