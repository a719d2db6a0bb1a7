using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.LightGbm;

/// <summary>What LightGBM's objectives make of the raw score.</summary>
internal static class LightGbmObjective
{
    /// <summary>Objectives that <see cref="Read"/> knows; <c>custom</c> is one of the user's own, which answers the raw score.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "binary", "multiclass", "multiclassova", "cross_entropy", "cross_entropy_lambda", "poisson", "gamma", "tweedie", "regression", "regression_l1", "huber", "fair",
        "quantile", "mape", "lambdarank", "rank_xendcg", "custom",
    ];

    /// <summary>The head for the <c>objective</c> line; an objective of the user's own answers the raw score.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the objective is not known.</exception>
    public static BoosterHead Read(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.FirstOrDefault("custom") switch
        {
            "binary" => new BoosterHead(BoosterLink.Sigmoid, true, Parameter(words, "sigmoid")),
            "multiclass" or "softmax" => new BoosterHead(BoosterLink.Softmax, true),
            "multiclassova" or "multiclass_ova" or "ova" or "ovr" => new BoosterHead(BoosterLink.Sigmoid, true, Parameter(words, "sigmoid")),
            "cross_entropy" or "xentropy" => new BoosterHead(BoosterLink.Sigmoid, false),
            "cross_entropy_lambda" or "xentlambda" => new BoosterHead(BoosterLink.SoftPlus, false),
            "poisson" or "gamma" or "tweedie" => new BoosterHead(BoosterLink.Exp, false),
            "regression" or "regression_l2" or "l2" or "mse" when words.Contains("sqrt") => new BoosterHead(BoosterLink.SignedSquare, false),
            "regression" or "regression_l2" or "l2" or "mse" or "regression_l1" or "l1" or "mae" or "huber" or "fair" or "quantile" or "mape"
                or "lambdarank" or "rank_xendcg" or "custom" or "none" => new BoosterHead(BoosterLink.Identity, false),
            var other => throw new SlipwayException(ErrorCode.NotSupported, $"the LightGBM objective '{other}' is not known"),
        };
    }

    private static double Parameter(string[] words, string name)
    {
        string? word = words.FirstOrDefault(word => word.StartsWith(name + ":", StringComparison.Ordinal));
        return word is not null && double.TryParse(word.AsSpan(name.Length + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : 1;
    }
}
