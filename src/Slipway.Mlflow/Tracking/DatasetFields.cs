using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Reads a dataset that a run says it read.</summary>
internal static class DatasetFields
{
    private const int Name = 500;
    private const int Digest = 36;
    private const int Source = 65_535;
    private const int Schema = 1_048_575;
    private const int Profile = 16_777_215;
    private const int TagKey = 255;
    private const int TagValue = 500;

    /// <summary>Reads one; every text has the length that MLflow allows it.</summary>
    public static DatasetInput Read(MlflowFields input)
    {
        MlflowFields dataset = input.Object("dataset") ?? throw MlflowException.Missing("dataset");
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        foreach (MlflowFields tag in input.Objects("tags"))
        {
            string key = MlflowLimits.CheckLength("InputTag key", tag.Required("key"), TagKey);
            tags[key] = MlflowLimits.CheckLength("InputTag value", tag.Given("value"), TagValue);
        }

        return new DatasetInput(
            MlflowLimits.CheckLength("Dataset name", dataset.Required("name"), Name),
            MlflowLimits.CheckLength("Dataset digest", dataset.Required("digest"), Digest),
            dataset.Required("source_type"),
            MlflowLimits.CheckLength("Dataset source", dataset.Required("source"), Source),
            dataset.Text("schema") is { } schema ? MlflowLimits.CheckLength("Dataset schema", schema, Schema) : null,
            dataset.Text("profile") is { } profile ? MlflowLimits.CheckLength("Dataset profile", profile, Profile) : null,
            tags);
    }
}
