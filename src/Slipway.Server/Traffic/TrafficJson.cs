using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Client.Endpoints;
using Slipway.Client.Experiments;
using Slipway.Client.Rollouts;

namespace Slipway.Server.Traffic;

/// <summary>JSON of endpoints and rollouts in the management API. A key that is not known is an error.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutDescription))]
[JsonSerializable(typeof(RolloutList))]
[JsonSerializable(typeof(RolloutEventList))]
[JsonSerializable(typeof(EndpointDescription))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(EvaluationRequest))]
[JsonSerializable(typeof(EvaluationAnswer))]
[JsonSerializable(typeof(ExperimentDescription))]
[JsonSerializable(typeof(ExperimentList))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(FeedbackAnswer))]
internal sealed partial class TrafficJson : JsonSerializerContext
{
    /// <summary>The context to read and write with.</summary>
    public static TrafficJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });
}
