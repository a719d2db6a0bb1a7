using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Slipway.Formats;
using Slipway.Formats.Abstractions;

namespace Slipway.Cli.Models;

/// <summary>What <c>slipway convert --json</c> prints.</summary>
/// <param name="Format">Format of the source.</param>
/// <param name="SourceDigest">Digest of the source's files.</param>
/// <param name="Output">The file written.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, lower-case hex.</param>
/// <param name="Seconds">How long reading, converting, checking and writing took.</param>
/// <param name="Model">What the file holds.</param>
internal sealed record ConvertSummary(string Format, string SourceDigest, string Output, long Bytes, string Sha256, double Seconds, ModelInspection Model)
{
    public static ConvertSummary Of(ConvertedModel converted, string output, double seconds) => new(
        converted.Format, converted.SourceDigest, output, converted.Onnx.Length, Convert.ToHexStringLower(SHA256.HashData(converted.Onnx.Span)), seconds, converted.Inspection);
}

/// <summary>JSON of the summary.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConvertSummary))]
internal sealed partial class ConvertJson : JsonSerializerContext;
