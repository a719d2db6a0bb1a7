using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.CatBoost;

/// <summary>What CatBoost's losses make of the sums, as the predict methods of its Python classes answer by default.</summary>
internal static class CatBoostLoss
{
    private static readonly string[] Identity =
    [
        "", "RMSE", "MAE", "MAPE", "Quantile", "MultiQuantile", "Expectile", "Huber", "LogLinQuantile", "LogCosh", "Lq", "MultiRMSE", "QueryRMSE", "QuerySoftMax", "QueryCrossEntropy",
        "PairLogit", "PairLogitPairwise", "YetiRank", "YetiRankPairwise", "LambdaMart", "StochasticFilter", "StochasticRank", "MultiRMSEWithMissingValues", "GroupQuantile", "Cox", "SurvivalAft",
    ];

    /// <summary>Losses that are known.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Identity.Skip(1), "Logloss", "CrossEntropy", "Focal", "MultiClass", "MultiClassOneVsAll", "MultiLogloss", "MultiCrossEntropy", "Poisson", "Tweedie", "RMSEWithUncertainty",
    ];

    /// <summary>Whether each sum is a label of its own.</summary>
    public static bool IsMultilabel(string loss) => loss is "MultiLogloss" or "MultiCrossEntropy";

    /// <summary>The head of a loss; a file without one answers the sums.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the loss is not known.</exception>
    public static BoosterHead Read(string loss) => loss switch
    {
        "Logloss" or "CrossEntropy" or "Focal" or "MultiClassOneVsAll" or "MultiLogloss" or "MultiCrossEntropy" => new BoosterHead(BoosterLink.Sigmoid, true),
        "MultiClass" => new BoosterHead(BoosterLink.Softmax, true),
        "Poisson" or "Tweedie" => new BoosterHead(BoosterLink.Exp, false),
        "RMSEWithUncertainty" => new BoosterHead(BoosterLink.MeanAndVariance, false),
        _ when Identity.Contains(loss, StringComparer.Ordinal) => new BoosterHead(BoosterLink.Identity, false),
        _ => throw new SlipwayException(ErrorCode.NotSupported, $"the CatBoost loss '{loss}' is not known"),
    };
}
