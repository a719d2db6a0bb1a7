using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Boosters;
using Slipway.Formats.Conversion;

namespace Slipway.Formats.XGBoost;

/// <summary>XGBoost models (<c>Booster.save_model</c>) in JSON, UBJSON, or the binary format of older versions.</summary>
public sealed class XGBoostFormat : IModelFormat
{
    private const string FormatName = "xgboost";

    private static readonly SingleFileConversion Conversion =
        new(FormatName, platform: "xgboost", producer: "XGBoost", static (bytes, digest) => XGBoostConverter.Convert(Read(bytes), digest));

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string Description => "an XGBoost model";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["XGBoost 0.4 to 3.x"],
        Groups = [SupportGroup.Of("boosters", ["dart", "gblinear", "gbtree"]), SupportGroup.Of("objectives", XGBoostObjective.Names)],
        Limits = ["JSON, UBJSON and the binary format of versions up to 3.0", "pickled wrappers and boosters are read as scikit-learn files are", "trees with several targets are read as versions 2 and 3.0 write them"],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample)
    {
        ReadOnlySpan<byte> head = sample.Head.Span;
        return IsDocument(head) ? head.IndexOf("learner"u8) > 0 : LegacyReader.Recognizes(head);
    }

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => Conversion.Inspect(files);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken) => Conversion.Prepare(files, cancellationToken);

    /// <summary>Reads a model of any encoding.</summary>
    internal static XGBoostModel Read(ReadOnlySpan<byte> bytes)
    {
        if (!IsDocument(bytes))
        {
            return LegacyReader.Read(bytes);
        }

        return XGBoostReader.Read(Document(bytes), stopsAtBest: true);
    }

    /// <summary>Reads what a pickled booster keeps: the document of a model, beside its configuration.</summary>
    /// <param name="stopsAtBest">Whether trees behind the best iteration are left out.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    internal static XGBoostModel ReadPickled(ReadOnlySpan<byte> bytes, bool stopsAtBest)
    {
        if (!IsDocument(bytes))
        {
            throw new SlipwayException(
                ErrorCode.NotSupported, "the pickled XGBoost model was written by a version before 1.0: load it there or in a later version and save it with save_model");
        }

        ModelNode document = Document(bytes);
        return XGBoostReader.Read(document.TryGet("Model", out ModelNode model) ? model : document, stopsAtBest);
    }

    private static ModelNode Document(ReadOnlySpan<byte> bytes) => IsText(bytes) ? JsonDocumentReader.Read(bytes, "XGBoost") : UbjsonReader.Read(bytes);

    private static bool IsDocument(ReadOnlySpan<byte> head) => head.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    // A key follows in quotes in JSON, with its length before it in UBJSON.
    private static bool IsText(ReadOnlySpan<byte> head) => head.TrimStart(" \t\r\n"u8)[1..].TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..];
}
