using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;

namespace Slipway.Formats.Conversion;

/// <summary>What formats of one file do alike: it is read whole and becomes an ONNX model, which is described or handed on.</summary>
/// <param name="format">Name of the format.</param>
/// <param name="platform">Name of the platform.</param>
/// <param name="producer">The library that writes such files.</param>
/// <param name="convert">Makes the bytes of a file and the digest of its version into an ONNX model, whose metadata names the library's version as <c>source_version</c>.</param>
internal sealed class SingleFileConversion(string format, string platform, string producer, Func<byte[], string, byte[]> convert)
{
    /// <summary>See <see cref="IModelFormat.Inspect"/>.</summary>
    public ModelInspection Inspect(VersionFiles files)
    {
        VersionFile main = files.Open(files.MainFile);
        byte[] converted = convert(WholeFile.Read(main), "");
        ModelInspection described = OnnxInspector.Describe(OnnxReader.Read(new MemoryStream(converted), converted.Length), main.Length);
        return described with
        {
            Format = format,
            FormatVersion = null,
            Producer = producer,
            ProducerVersion = described.Metadata.GetValueOrDefault("source_version", ""),
        };
    }

    /// <summary>See <see cref="IModelFormat.Prepare"/>.</summary>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        return new PreparedModel
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(convert(WholeFile.Read(files.Open(files.MainFile)), digest)),
            Digest = digest,
            Platform = platform,
        };
    }
}
