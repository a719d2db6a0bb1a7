using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Mlflow.Scoring;

/// <summary>Writes parsed JSON back without reflection.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ScoringJson : JsonSerializerContext;
