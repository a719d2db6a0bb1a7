using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;

namespace Slipway.Formats.LightGbm;

/// <summary>LightGBM's text model (<c>Booster.save_model</c>), whatever the file is called.</summary>
public sealed class LightGbmFormat : IModelFormat
{
    private const string FormatName = "lightgbm";

    private static readonly SingleFileConversion Conversion =
        new(FormatName, platform: "lightgbm", producer: "LightGBM", static (bytes, digest) => LightGbmConverter.Convert(LightGbmReader.Read(bytes), digest));

    /// <inheritdoc/>
    public string Name => FormatName;

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
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => Conversion.Inspect(files);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken) => Conversion.Prepare(files, cancellationToken);
}
