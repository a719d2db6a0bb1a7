using System.Text.Json.Serialization;
using Slipway.Registry.Maintenance;

namespace Slipway.Cli.Data;

/// <summary>JSON of what the commands report.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DataReport))]
[JsonSerializable(typeof(CollectionReport))]
[JsonSerializable(typeof(BackupReport))]
internal sealed partial class DataJson : JsonSerializerContext;
