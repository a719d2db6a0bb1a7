using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Compression;
using Slipway.Formats.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn;

/// <summary>scikit-learn estimators as pickle or joblib wrote them, compressed or not: read as data and converted to ONNX.</summary>
public sealed class SklearnFormat : IModelFormat
{
    private const string FormatName = "sklearn";

    private static readonly SingleFileConversion Converted =
        new(FormatName, platform: "sklearn", producer: "scikit-learn", static (bytes, digest) => SklearnConverter.Convert(PickleReader.Read(Decompressor.Decompress(bytes)), digest));

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string Description => "a scikit-learn pickle or joblib file";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["scikit-learn 0.23, 1.2 and 1.3", "XGBoost 1.7 (pickled)"],
        Groups = [SupportGroup.Of("estimators", KnownEstimators.All.ClassNames)],
        Limits = ["pickle protocols 0 to 5; uncompressed, zlib, gzip, bzip2, xz, lzma or LZ4", "a class outside scikit-learn, a function or a kernel of your own is refused by name"],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample)
    {
        ReadOnlySpan<byte> head = sample.Head.Span;
        return Decompressor.Detect(head) != CompressionKind.None
            || head is [0x80, <= 5, ..]
            || (head.Length > 2 && head[0] is (byte)'c' or (byte)'(' && head.IndexOf((byte)'\n') > 0 && Extension(sample.FileName));
    }

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => Converted.Inspect(files);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken) => Converted.Prepare(files, cancellationToken);

    private static bool Extension(string name) => Path.GetExtension(name) is ".pkl" or ".pickle" or ".joblib";
}
