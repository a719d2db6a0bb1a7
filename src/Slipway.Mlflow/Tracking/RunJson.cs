using System.Text.Json;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Runs, their data and their inputs as clients read them.</summary>
internal static class RunJson
{
    /// <summary>Names of the states; the first has number 1.</summary>
    public static readonly string[] StatusNames = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    /// <summary>Writes the properties of a run.</summary>
    public static void Write(Utf8JsonWriter json, TrackedRun run)
    {
        json.WriteStartObject("info");
        WriteInfo(json, run);
        json.WriteEndObject();
        json.WriteStartObject("data");
        json.WriteObjects("metrics", run.Metrics, WritePoint);
        json.WritePairs("params", run.Parameters);
        json.WritePairs("tags", run.Tags);
        json.WriteEndObject();
        json.WriteStartObject("inputs");
        json.WriteObjects("dataset_inputs", run.Datasets, WriteDataset);
        json.WriteObjects("model_inputs", run.ModelInputs, static (json, id) => json.WriteString("model_id", id));
        json.WriteEndObject();
        json.WriteStartObject("outputs");
        json.WriteObjects("model_outputs", run.ModelOutputs, static (json, output) =>
        {
            json.WriteString("model_id", output.ModelId);
            json.WriteNumber("step", output.Step);
        });
        json.WriteEndObject();
    }

    /// <summary>Writes the properties of a run's info.</summary>
    public static void WriteInfo(Utf8JsonWriter json, TrackedRun run)
    {
        json.WriteString("run_uuid", run.Id);
        json.WriteString("run_id", run.Id);
        json.WriteString("run_name", run.Name);
        json.WriteString("experiment_id", run.ExperimentId);
        json.WriteString("user_id", run.UserId);
        json.WriteString("status", StatusNames[(int)run.Status - 1]);
        json.WriteNumber("start_time", run.StartTime ?? 0);
        if (run.EndTime is { } end)
        {
            json.WriteNumber("end_time", end);
        }

        json.WriteString("artifact_uri", run.ArtifactUri);
        json.WriteString("lifecycle_stage", run.IsDeleted ? "deleted" : "active");
    }

    /// <summary>Writes a point of a metric as runs show it.</summary>
    public static void WritePoint(Utf8JsonWriter json, MetricPoint point)
    {
        json.WriteString("key", point.Key);
        json.WriteDouble("value", point.Value);
        json.WriteNumber("timestamp", point.Timestamp);
        json.WriteNumber("step", point.Step);
    }

    /// <summary>Writes a point of a metric with all that it speaks of.</summary>
    public static void WriteWholePoint(Utf8JsonWriter json, MetricPoint point)
    {
        WritePoint(json, point);
        json.WriteIfAny("dataset_name", point.DatasetName);
        json.WriteIfAny("dataset_digest", point.DatasetDigest);
        json.WriteIfAny("model_id", point.ModelId);
        json.WriteIfAny("run_id", point.RunId);
    }

    private static void WriteDataset(Utf8JsonWriter json, DatasetInput input)
    {
        json.WritePairs("tags", input.Tags);
        json.WriteStartObject("dataset");
        json.WriteString("name", input.Name);
        json.WriteString("digest", input.Digest);
        json.WriteString("source_type", input.SourceType);
        json.WriteString("source", input.Source);
        json.WriteIfAny("schema", input.Schema);
        json.WriteIfAny("profile", input.Profile);
        json.WriteEndObject();
    }
}
