using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.XGBoost;

/// <summary>What XGBoost's objectives make of the sums, and of the base score.</summary>
internal static class XGBoostObjective
{
    /// <summary>Objectives that <see cref="Read"/> knows, besides all that begin with <c>rank:</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "binary:logistic", "reg:logistic", "binary:hinge", "multi:softprob", "multi:softmax", "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft",
        "binary:logitraw", "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror", "reg:quantileerror", "reg:expectileerror",
        "rank:pairwise", "rank:ndcg", "rank:map",
    ];

    /// <summary>The head of an objective.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the objective is not known.</exception>
    public static BoosterHead Read(string objective) => objective switch
    {
        "binary:logistic" => new BoosterHead(BoosterLink.Sigmoid, true),
        "reg:logistic" => new BoosterHead(BoosterLink.Sigmoid, false),
        "binary:hinge" => new BoosterHead(BoosterLink.Step, true),
        "multi:softprob" or "multi:softmax" => new BoosterHead(BoosterLink.Softmax, true),
        "count:poisson" or "reg:gamma" or "reg:tweedie" or "survival:cox" or "survival:aft" => new BoosterHead(BoosterLink.Exp, false),
        "binary:logitraw" or "reg:squarederror" or "reg:linear" or "reg:squaredlogerror" or "reg:absoluteerror" or "reg:pseudohubererror"
            or "reg:quantileerror" or "reg:expectileerror" => new BoosterHead(BoosterLink.Identity, false),
        _ when objective.StartsWith("rank:", StringComparison.Ordinal) => new BoosterHead(BoosterLink.Identity, false),
        _ => throw new SlipwayException(ErrorCode.NotSupported, $"the XGBoost objective '{objective}' is not known"),
    };

    /// <summary>A base score, which is kept as an answer, as the sum that gives this answer.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: no sum gives it.</exception>
    public static double ToMargin(string objective, double score) => Read(objective).Link switch
    {
        BoosterLink.Sigmoid when score is > 0 and < 1 => Math.Log(score / (1 - score)),
        BoosterLink.Sigmoid when score is 0 or 1 => OfOneClass((float)score),
        BoosterLink.Exp when score > 0 => Math.Log(score),
        BoosterLink.Sigmoid or BoosterLink.Exp => throw new SlipwayException(ErrorCode.InvalidModel, $"the XGBoost model has a base score that {objective} can't answer"),
        _ => score,
    };

    // Of training rows of one class only, newer versions keep 0 or 1, and go 1e-6 away from it (in binary32) before they take the logarithm.
    private static double OfOneClass(float score) => -MathF.Log((1 / Math.Clamp(score, 1e-6f, 1 - 1e-6f)) - 1);

    /// <summary>Whether each target is a label of its own that a row has or has not.</summary>
    public static bool IsMultilabel(XGBoostModel model) => model.TargetCount > 1 && Read(model.Objective) is { Link: BoosterLink.Sigmoid, Classifies: true };
}
