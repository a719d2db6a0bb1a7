using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client.Access;

/// <summary>JSON of the access API, for both sides.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(CreateApiKey))]
[JsonSerializable(typeof(CreatedApiKey))]
[JsonSerializable(typeof(ApiKeyDescription))]
[JsonSerializable(typeof(CallerDescription))]
public sealed partial class AccessJson : JsonSerializerContext;
