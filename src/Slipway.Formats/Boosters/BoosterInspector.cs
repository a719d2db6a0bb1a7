using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;

namespace Slipway.Formats.Boosters;

/// <summary>Describes a boosted model by what it becomes.</summary>
internal static class BoosterInspector
{
    public static ModelInspection Describe(byte[] converted, long fileBytes, string format, string producer)
    {
        OnnxModel model = OnnxReader.Read(new MemoryStream(converted), converted.Length);
        ModelInspection described = OnnxInspector.Describe(model, fileBytes);
        return described with
        {
            Format = format,
            FormatVersion = null,
            Producer = producer,
            ProducerVersion = described.Metadata.GetValueOrDefault("source_version", ""),
        };
    }
}
