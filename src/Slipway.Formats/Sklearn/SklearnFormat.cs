using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Compression;
using Slipway.Formats.Onnx;
using Slipway.Formats.Pickle;

namespace Slipway.Formats.Sklearn;

/// <summary>scikit-learn estimators as pickle or joblib wrote them, compressed or not: read as data and converted to ONNX.</summary>
public sealed class SklearnFormat : IModelFormat
{
    private const long MaxFileBytes = 1L << 30;

    /// <inheritdoc/>
    public string Name => "sklearn";

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
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        byte[] converted = SklearnConverter.Convert(Read(main), sourceDigest: "");
        OnnxModel model = OnnxReader.Read(new MemoryStream(converted), converted.Length);
        return OnnxInspector.Describe(model, main.Length) with { Format = Name, FormatVersion = null, Producer = "scikit-learn", ProducerVersion = "" };
    }

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        return new PreparedModel
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(SklearnConverter.Convert(Read(files.Open(files.MainFile)), digest)),
            Digest = digest,
            Platform = "sklearn",
        };
    }

    private static object? Read(VersionFile file)
    {
        if (file.Length > MaxFileBytes)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"'{file.Name}' is larger than {MaxFileBytes >> 20} MiB");
        }

        byte[] bytes = new byte[file.Length];
        using Stream stream = file.OpenRead();
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return PickleReader.Read(Decompressor.Decompress(bytes.AsMemory(0, read)));
    }

    private static bool Extension(string name) => Path.GetExtension(name) is ".pkl" or ".pickle" or ".joblib";
}
