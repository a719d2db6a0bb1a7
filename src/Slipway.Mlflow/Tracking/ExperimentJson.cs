using System.Text.Json;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Experiments as clients read them.</summary>
internal static class ExperimentJson
{
    /// <summary>Writes the properties of an experiment.</summary>
    public static void Write(Utf8JsonWriter json, Experiment experiment)
    {
        json.WriteString("experiment_id", experiment.Id);
        json.WriteString("name", experiment.Name);
        json.WriteString("artifact_location", experiment.ArtifactLocation);
        json.WriteString("lifecycle_stage", experiment.IsDeleted ? "deleted" : "active");
        json.WriteTime("last_update_time", experiment.UpdatedAt);
        json.WriteTime("creation_time", experiment.CreatedAt);
        json.WritePairs("tags", experiment.Tags);
    }
}
