using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Registry.Models;

/// <summary>What an event changed: old and new values by field. The past is told by replaying these: stored, never rename a member.</summary>
internal sealed record EventDetail
{
    public ModelFacts? Model { get; init; }

    public VersionFacts? Version { get; init; }

    public Changed<string>? Name { get; init; }

    public Changed<string>? Description { get; init; }

    public Changed<string>? Stage { get; init; }

    /// <summary>Tags that were set or removed, by key.</summary>
    public IReadOnlyDictionary<string, Changed<string>>? Tags { get; init; }

    /// <summary>Aliases that were moved or removed, by name.</summary>
    public IReadOnlyDictionary<string, Changed<long?>>? Aliases { get; init; }

    public string? Comment { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, EventJson.Default.EventDetail);

    public static EventDetail FromJson(string json) => JsonSerializer.Deserialize(json, EventJson.Default.EventDetail)!;
}

/// <summary>A value before and after; null where there was or is none.</summary>
internal sealed record Changed<T>(T? Old, T? New);

/// <summary>What a model was created with.</summary>
internal sealed record ModelFacts(string? Description, IReadOnlyDictionary<string, string>? Tags);

/// <summary>What a version was created with, but for its files, which the manifest of the digest tells.</summary>
internal sealed record VersionFacts
{
    public string? Digest { get; init; }

    public string Stage { get; init; } = "";

    public string? Source { get; init; }

    public string? Format { get; init; }

    public string? Signature { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    public string? RunId { get; init; }

    public string? RunLink { get; init; }

    public string? LoggedModelId { get; init; }

    public string? TrainingDataDigest { get; init; }

    public long? ParentVersion { get; init; }
}

/// <summary>JSON of the details, and of the maps that versions keep as text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EventDetail))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, double>))]
internal sealed partial class EventJson : JsonSerializerContext;
