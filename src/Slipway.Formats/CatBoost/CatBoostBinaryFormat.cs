using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;

namespace Slipway.Formats.CatBoost;

/// <summary>CatBoost's own binary models (<c>.cbm</c>), which it saves unless asked for something else.</summary>
public sealed class CatBoostBinaryFormat : IModelFormat
{
    private const string FormatName = "catboost";

    private static readonly SingleFileConversion Conversion =
        new(FormatName, platform: "catboost", producer: "CatBoost", static (bytes, digest) => CatBoostConverter.Convert(CatBoostBinaryReader.Read(bytes), digest));

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public string Description => "a CatBoost model";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["models made by hand after the published schema, not CatBoost's own answers"],
        Groups = [SupportGroup.Of("losses", CatBoostLoss.Names)],
        Limits = CatBoostFormat.Features,
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample) => sample.Head.Span.StartsWith(CatBoostBinaryReader.Mark);

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => Conversion.Inspect(files);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken) => Conversion.Prepare(files, cancellationToken);
}
