using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;

namespace Slipway.Formats.LightGbm;

/// <summary>LightGBM's text model (<c>Booster.save_model</c>), whatever the file is called.</summary>
public sealed class LightGbmFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "lightgbm";

    /// <inheritdoc/>
    public string Description => "a LightGBM text model";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["LightGBM text model v2 to v4"],
        Groups = [SupportGroup.Of("boosters", ["dart", "gbdt", "goss", "rf"]), SupportGroup.Of("objectives", LightGbmObjective.Names)],
        Limits = ["pickled wrappers and boosters are read as scikit-learn files are"],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample)
    {
        ReadOnlySpan<byte> head = sample.Head.Span;
        return (head.StartsWith("tree\n"u8) || head.StartsWith("tree\r\n"u8)) && head.IndexOf("version="u8) > 0;
    }

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        byte[] converted = LightGbmConverter.Convert(LightGbmReader.Read(BoosterFile.Read(main)), sourceDigest: "");
        return BoosterInspector.Describe(converted, main.Length, Name, "LightGBM");
    }

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        LightGbmModel model = LightGbmReader.Read(BoosterFile.Read(files.Open(files.MainFile)));
        return new PreparedModel
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(LightGbmConverter.Convert(model, digest)),
            Digest = digest,
            Platform = "lightgbm",
        };
    }
}
