using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Security.Keys;

/// <summary>Content of <c>keys.json</c>.</summary>
/// <param name="Format">1; another number is not read.</param>
/// <param name="Keys">All keys, oldest first.</param>
internal sealed record ApiKeyFile(int Format, IReadOnlyList<ApiKeyRecord> Keys)
{
    public const int CurrentFormat = 1;
}

/// <summary>JSON of <c>keys.json</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiKeyFile))]
internal sealed partial class ApiKeyJson : JsonSerializerContext;
