using System.Text.Json.Serialization;

namespace Slipway.Cli.Scoring;

/// <summary>What a scoring did, for machines.</summary>
/// <param name="Rows">Rows with an answer.</param>
/// <param name="Rejected">Rows that could not be scored.</param>
/// <param name="Rejects">The file that holds them; null when there are none, or they are only counted.</param>
/// <param name="Seconds">From the first byte read to the last written; loading the model is not part of it.</param>
/// <param name="RowsPerSecond">Rows with an answer per second.</param>
/// <param name="BytesRead">Bytes of rows read, uncompressed.</param>
internal sealed record ScoreSummary(long Rows, long Rejected, string? Rejects, double Seconds, double RowsPerSecond, long BytesRead);

/// <summary>Writes <see cref="ScoreSummary"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScoreSummary))]
internal sealed partial class ScoreSummaryContext : JsonSerializerContext;
