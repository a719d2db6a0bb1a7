using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client.Registry;

/// <summary>JSON of the registry's management API, for both of its ends; made at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RegistryModel))]
[JsonSerializable(typeof(RegistryModelPage))]
[JsonSerializable(typeof(RegistryVersion))]
[JsonSerializable(typeof(RegistryVersionPage))]
[JsonSerializable(typeof(RegistryPast))]
[JsonSerializable(typeof(RegistryChanges))]
[JsonSerializable(typeof(RegistryLineage))]
[JsonSerializable(typeof(NewRegistryModel))]
[JsonSerializable(typeof(NewRegistryVersion))]
[JsonSerializable(typeof(RegistryEdit))]
[JsonSerializable(typeof(AliasMove))]
[JsonSerializable(typeof(AliasMoved))]
[JsonSerializable(typeof(StageMove))]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(UploadedBlob))]
public sealed partial class RegistryJson : JsonSerializerContext
{
    /// <summary>The context to write with: quotes and letters beyond ASCII stay readable, which is safe where the content type is JSON.</summary>
    public static RegistryJson Readable { get; } = new(Settings(indented: false));

    /// <summary>As <see cref="Readable"/>, on lines of its own, for people.</summary>
    public static RegistryJson Indented { get; } = new(Settings(indented: true));

    private static JsonSerializerOptions Settings(bool indented) => new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = indented,
    };
}
