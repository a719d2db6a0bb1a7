using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;

namespace Slipway.Formats.CatBoost;

/// <summary>CatBoost models exported as JSON. CatBoost's own binary files (<c>.cbm</c>) are known by sight only.</summary>
public sealed class CatBoostFormat : IModelFormat
{
    private const string FormatName = "catboost-json";

    private static readonly SingleFileConversion Conversion =
        new(FormatName, platform: "catboost", producer: "CatBoost", static (bytes, digest) => CatBoostConverter.Convert(CatBoostReader.Read(bytes), digest));

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string Description => "a CatBoost model in JSON";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["models made by hand after the format's description, not CatBoost's own answers"],
        Groups = [SupportGroup.Of("losses", CatBoostLoss.Names)],
        Limits =
        [
            "JSON (save_model with format='json'); a .cbm file is refused with what to do",
            "numeric features only: categories, texts and embeddings are refused by name",
        ],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample)
    {
        ReadOnlySpan<byte> head = sample.Head.Span;
        return head.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] && (head.IndexOf("\"features_info\""u8) > 0 || head.IndexOf("\"oblivious_trees\""u8) > 0 || head.IndexOf("\"ctr_data\""u8) > 0);
    }

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => Conversion.Inspect(files);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken) => Conversion.Prepare(files, cancellationToken);
}
