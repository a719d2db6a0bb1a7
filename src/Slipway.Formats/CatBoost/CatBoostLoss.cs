using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.CatBoost;

/// <summary>What CatBoost's losses make of the sums.</summary>
internal static class CatBoostLoss
{
    private static readonly string[] Identity =
    [
        "", "RMSE", "MAE", "MAPE", "Quantile", "MultiQuantile", "Expectile", "Huber", "LogLinQuantile", "LogCosh", "Lq", "MultiRMSE", "QueryRMSE", "QuerySoftMax", "QueryCrossEntropy",
        "PairLogit", "PairLogitPairwise", "YetiRank", "YetiRankPairwise", "LambdaMart", "StochasticFilter", "StochasticRank",
    ];

    /// <summary>Losses that are known.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Identity.Skip(1), "Logloss", "CrossEntropy", "Focal", "MultiClass", "MultiClassOneVsAll", "Poisson", "Tweedie"];

    /// <summary>The head of a loss; a file without one answers the sums.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the loss is not known.</exception>
    public static BoosterHead Read(string loss) => loss switch
    {
        "Logloss" or "CrossEntropy" or "Focal" or "MultiClassOneVsAll" => new BoosterHead(BoosterLink.Sigmoid, true),
        "MultiClass" => new BoosterHead(BoosterLink.Softmax, true),
        "Poisson" or "Tweedie" => new BoosterHead(BoosterLink.Exp, false),
        _ when Identity.Contains(loss, StringComparer.Ordinal) => new BoosterHead(BoosterLink.Identity, false),
        _ => throw new SlipwayException(ErrorCode.NotSupported, $"the CatBoost loss '{loss}' is not known"),
    };
}
