using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Traffic.Rollouts;

/// <summary>Events as they are kept. Names are for ever: files are read by later releases.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RolloutEvent))]
internal sealed partial class RolloutJson : JsonSerializerContext;
