using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Logged models as clients read them.</summary>
internal static class LoggedModelJson
{
    /// <summary>Names of the states; the first has number 0.</summary>
    public static readonly string[] StatusNames =
        ["LOGGED_MODEL_STATUS_UNSPECIFIED", "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"];

    /// <summary>An answer that is one logged model.</summary>
    public static MlflowAnswer One(LoggedModel model) => json =>
    {
        json.WriteStartObject("model");
        Write(json, model);
        json.WriteEndObject();
    };

    /// <summary>Writes the properties of a logged model.</summary>
    public static void Write(Utf8JsonWriter json, LoggedModel model)
    {
        json.WriteStartObject("info");
        json.WriteString("model_id", model.Id);
        json.WriteString("experiment_id", model.ExperimentId);
        json.WriteString("name", model.Name);
        json.WriteTime("creation_timestamp_ms", model.CreatedAt);
        json.WriteTime("last_updated_timestamp_ms", model.UpdatedAt);
        json.WriteString("artifact_uri", model.ArtifactUri);
        json.WriteString("status", StatusNames[(int)model.Status]);
        json.WriteIfAny("creator_id", model.CreatorId);
        json.WriteString("model_type", model.ModelType ?? "");
        json.WriteIfAny("source_run_id", model.SourceRunId);
        json.WriteIfAny("status_message", model.StatusMessage);
        json.WritePairs("tags", model.Tags);
        json.WriteObjects("registrations", model.Registrations, static (json, registration) =>
        {
            json.WriteString("name", registration.Model);
            json.WriteString("version", registration.Number.ToString(CultureInfo.InvariantCulture));
        });
        json.WriteEndObject();
        json.WriteStartObject("data");
        json.WritePairs("params", model.Parameters);
        json.WriteObjects("metrics", model.Metrics, RunJson.WriteWholePoint);
        json.WriteEndObject();
    }
}
