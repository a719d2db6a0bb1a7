using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Traffic.Rollouts;

/// <summary>States, events and counts as they are kept. Names are for ever: they are read by later releases.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RolloutEvent))]
[JsonSerializable(typeof(RolloutState))]
[JsonSerializable(typeof(IReadOnlyList<StageCounts>))]
[JsonSerializable(typeof(IReadOnlyList<StrayReport>))]
[JsonSerializable(typeof(AliasSeen))]
internal sealed partial class RolloutJson : JsonSerializerContext;
