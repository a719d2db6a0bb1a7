using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Registry;

/// <summary>Registered models and their versions as clients read them.</summary>
internal static class RegistryJson
{
    private static readonly string[] StatusNames = ["PENDING_REGISTRATION", "READY", "FAILED_REGISTRATION"];

    /// <summary>An answer that is one model.</summary>
    public static MlflowAnswer One(RegisteredModel model, IReadOnlyList<ModelVersion> latest) => json =>
    {
        json.WriteStartObject("registered_model");
        Write(json, model, latest);
        json.WriteEndObject();
    };

    /// <summary>An answer that is one version.</summary>
    public static MlflowAnswer One(ModelVersion version) => json =>
    {
        json.WriteStartObject("model_version");
        Write(json, version);
        json.WriteEndObject();
    };

    /// <summary>Writes the properties of a model.</summary>
    public static void Write(Utf8JsonWriter json, RegisteredModel model, IReadOnlyList<ModelVersion> latest)
    {
        json.WriteString("name", model.Name);
        json.WriteTime("creation_timestamp", model.CreatedAt);
        json.WriteTime("last_updated_timestamp", model.UpdatedAt);
        json.WriteIfAny("description", model.Description);
        json.WriteObjects("latest_versions", latest, Write);
        json.WritePairs("tags", model.Tags);
        json.WriteObjects("aliases", model.Aliases.OrderBy(static alias => alias.Key, StringComparer.Ordinal), static (json, alias) =>
        {
            json.WriteString("alias", alias.Key);
            json.WriteString("version", alias.Value.ToString(CultureInfo.InvariantCulture));
        });
    }

    /// <summary>Writes the properties of a version.</summary>
    public static void Write(Utf8JsonWriter json, ModelVersion version)
    {
        json.WriteString("name", version.Model);
        json.WriteString("version", version.Number.ToString(CultureInfo.InvariantCulture));
        json.WriteTime("creation_timestamp", version.CreatedAt);
        json.WriteTime("last_updated_timestamp", version.UpdatedAt);
        json.WriteString("user_id", version.CreatedBy);
        json.WriteString("current_stage", version.Stage);
        json.WriteString("description", version.Description ?? "");
        json.WriteString("source", version.Source);
        json.WriteString("run_id", version.RunId ?? "");
        json.WriteString("status", StatusNames[(int)version.Status]);
        json.WriteIfAny("status_message", version.StatusMessage);
        json.WritePairs("tags", version.Tags);
        json.WriteString("run_link", version.RunLink ?? "");
        json.WriteStrings("aliases", [.. version.Aliases.Order(StringComparer.Ordinal)]);
        json.WriteIfAny("model_id", version.LoggedModelId);
        json.WriteObjects("model_params", version.Parameters, static (json, pair) =>
        {
            json.WriteString("name", pair.Key);
            json.WriteString("value", pair.Value);
        });
    }
}
