using Slipway.Formats.Abstractions;

namespace Slipway.Formats;

/// <summary>A model that was written as ONNX.</summary>
/// <param name="Format">Short name of the format that it came from.</param>
/// <param name="SourceDigest">Digest of the files that it came from, see <see cref="VersionManifest"/>.</param>
/// <param name="Onnx">The ONNX file.</param>
/// <param name="Inspection">What the ONNX file holds; without errors.</param>
/// <param name="IsTyped">Whether every value says its type and rank, so that no engine has to infer them.</param>
public sealed record ConvertedModel(string Format, string SourceDigest, ReadOnlyMemory<byte> Onnx, ModelInspection Inspection, bool IsTyped);
