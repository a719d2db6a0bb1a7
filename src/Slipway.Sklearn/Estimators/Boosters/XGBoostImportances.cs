using Slipway.Formats.XGBoost;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Boosters;

/// <summary>How important the features are to a pickled XGBoost model: what <c>feature_importances_</c> says.</summary>
internal static class XGBoostImportances
{
    /// <summary>A share for each feature, summing to one; binary32, as XGBoost computes them.</summary>
    public static double[] Of(Estimator estimator)
    {
        string kind = estimator.Text("importance_type") ?? "gain";
        XGBoostModel model = XGBoostEstimators.ModelOf(estimator, stopsAtBest: false);
        if (kind is not ("gain" or "total_gain" or "weight") || model.LinearWeights is not null || model.Trees.Any(static tree => tree.Gains is null))
        {
            throw estimator.NotSupported($"selecting by the importance '{kind}' of this model");
        }

        double[] gains = new double[model.FeatureCount];
        double[] counts = new double[model.FeatureCount];
        foreach (XGBoostTree tree in model.Trees)
        {
            for (int i = 0; i < tree.Left.Length; i++)
            {
                if (tree.Left[i] >= 0)
                {
                    gains[tree.Feature[i]] += tree.Gains![i];
                    counts[tree.Feature[i]]++;
                }
            }
        }

        float[] scores = [.. gains.Zip(counts, (gain, count) => count == 0 ? 0 : (float)(kind switch { "gain" => gain / count, "weight" => count, _ => gain }))];
        float whole = scores.Sum();
        return [.. scores.Select(score => whole == 0 ? 0 : (double)(score / whole))];
    }
}
