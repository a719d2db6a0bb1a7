using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;

namespace Slipway.Formats.CatBoost;

/// <summary>CatBoost models exported as JSON.</summary>
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
        Limits = Features,
    };

    /// <summary>Features that are taken, of JSON and binary models alike.</summary>
    internal static IReadOnlyList<string> Features { get; } =
    [
        "numbers, and categories that are compared directly (one_hot_max_size) where the file holds their text",
        "statistics of categories (CTRs), texts and embeddings are refused by name",
        "pickled wrappers are read as scikit-learn files are",
    ];

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
