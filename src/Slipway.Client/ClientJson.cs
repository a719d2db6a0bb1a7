using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Client.Management;
using Slipway.Client.Models;

namespace Slipway.Client;

/// <summary>JSON that the client reads, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(ModelMetadata))]
[JsonSerializable(typeof(RepositoryEntry[]))]
[JsonSerializable(typeof(StatisticsAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ServerDescription))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelDescription))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>Body of a refusal in Open Inference and TensorFlow Serving.</summary>
internal sealed record ErrorAnswer(string? Error);

/// <summary>Body of the statistics extension.</summary>
internal sealed record StatisticsAnswer([property: JsonPropertyName("model_stats")] IReadOnlyList<ModelStatistics> ModelStats);
