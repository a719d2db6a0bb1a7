using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;

namespace Slipway.Formats.Boosters;

/// <summary>What the formats of boosted models do alike: one file is read whole and becomes an ONNX model, which is described or handed on.</summary>
/// <param name="format">Name of the format.</param>
/// <param name="platform">Name of the platform.</param>
/// <param name="producer">The library that writes such files.</param>
/// <param name="convert">Makes the bytes of a file and the digest of its version into an ONNX model.</param>
internal sealed class BoosterConversion(string format, string platform, string producer, Func<byte[], string, byte[]> convert)
{
    /// <summary>See <see cref="IModelFormat.Inspect"/>.</summary>
    public ModelInspection Inspect(VersionFiles files)
    {
        VersionFile main = files.Open(files.MainFile);
        return BoosterInspector.Describe(convert(BoosterFile.Read(main), ""), main.Length, format, producer);
    }

    /// <summary>See <see cref="IModelFormat.Prepare"/>.</summary>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        return new PreparedModel
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(convert(BoosterFile.Read(files.Open(files.MainFile)), digest)),
            Digest = digest,
            Platform = platform,
        };
    }
}
