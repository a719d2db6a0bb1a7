using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Client.Management;

namespace Slipway.Server.Management;

/// <summary>JSON of the management API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerDescription))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ManagementJson : JsonSerializerContext
{
    /// <summary>The context to write with: names in messages stand in quotes that people can read, which is safe where the content type is JSON.</summary>
    public static ManagementJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
