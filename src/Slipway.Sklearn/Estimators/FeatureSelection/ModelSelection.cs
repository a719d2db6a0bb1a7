using System.Globalization;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Boosters;
using Slipway.Sklearn.Estimators.Ensembles;

namespace Slipway.Sklearn.Estimators.FeatureSelection;

/// <summary>Features that a fitted model finds important (SelectFromModel).</summary>
internal static class ModelSelection
{
    /// <summary>Which features stay.</summary>
    public static bool[] Support(Estimator selector)
    {
        if (selector.Has("importance_getter") && selector.Text("importance_getter") != "auto")
        {
            throw selector.NotSupported("an importance_getter");
        }

        Estimator inner = selector.Child("estimator_", "estimator");
        double[] importances = Importances(selector, inner);
        double threshold = Threshold(selector, inner, importances);
        bool[] support = [.. importances.Select(value => value >= threshold)];
        if (!selector.Has("max_features"))
        {
            return support;
        }

        int most = (int)(selector.Has("max_features_") ? selector.Integer("max_features_") : selector.Integer("max_features"));
        HashSet<int> best = [.. Enumerable.Range(0, importances.Length).OrderByDescending(i => importances[i]).Take(most)];
        return [.. support.Select((kept, i) => kept && best.Contains(i))];
    }

    private static double Threshold(Estimator selector, Estimator inner, double[] importances)
    {
        // By default the mean, but almost zero for models that set coefficients to zero themselves.
        string text = selector.Text("threshold") ?? (selector.Has("threshold") ? ""
            : inner.Text("penalty") == "l1" || inner.ClassName.Contains("Lasso", StringComparison.Ordinal) || IsPureLasso(inner) ? "1e-5" : "mean");
        if (text.Length == 0)
        {
            return selector.Number("threshold");
        }

        string[] parts = text.Split('*', StringSplitOptions.TrimEntries);
        double scale = 1;
        if (parts.Length == 2 && !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out scale))
        {
            throw selector.NotSupported($"the threshold '{text}'");
        }

        return parts[^1] switch
        {
            "mean" => scale * importances.Average(),
            "median" => scale * Median(importances),
            "1e-5" => 1e-5,
            _ => throw selector.NotSupported($"the threshold '{text}'"),
        };
    }

    private static bool IsPureLasso(Estimator inner) =>
        inner.ClassName.Contains("ElasticNet", StringComparison.Ordinal) && Math.Abs(inner.Number(inner.Has("l1_ratio_") ? "l1_ratio_" : "l1_ratio", 0.5) - 1) < 1e-5;

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] Importances(Estimator selector, Estimator inner)
    {
        if (inner.Has("coef_"))
        {
            // The norm over classes, whose order is the selector's.
            Matrix coefficients = inner.Matrix("coef_");
            double order = selector.Number("norm_order", 1);
            return [.. Enumerable.Range(0, coefficients.Columns).Select(column => Norm([.. Enumerable.Range(0, coefficients.Rows).Select(row => Math.Abs(coefficients[row, column]))], order))];
        }

        return inner.ClassName switch
        {
            "DecisionTreeClassifier" or "DecisionTreeRegressor" or "ExtraTreeClassifier" or "ExtraTreeRegressor" => TreeReading.Of(inner).Importances(normalized: true),
            "RandomForestClassifier" or "RandomForestRegressor" or "ExtraTreesClassifier" or "ExtraTreesRegressor" => Mean(inner, normalized: true),
            "GradientBoostingClassifier" or "GradientBoostingRegressor" => Mean(inner, normalized: false),
            "AdaBoostClassifier" or "AdaBoostRegressor" => Weighted(selector, inner),
            "XGBClassifier" or "XGBRegressor" or "XGBRanker" or "XGBRFClassifier" or "XGBRFRegressor" => XGBoostImportances.Of(inner),
            _ => throw selector.NotSupported($"selecting by a {inner.ClassName}"),
        };
    }

    // Each member's say by its weight.
    private static double[] Weighted(Estimator selector, Estimator ensemble)
    {
        IReadOnlyList<Estimator> members = ensemble.Children("estimators_");
        double[] weights = ensemble.Vector("estimator_weights_")[..members.Count];
        double total = weights.Sum();
        double[][] each = [.. members.Select(member => Importances(selector, member))];
        return [.. Enumerable.Range(0, each[0].Length).Select(feature => each.Select((importances, i) => weights[i] * importances[feature]).Sum() / total)];
    }

    private static double Norm(double[] values, double order) => values.Length == 1 ? values[0]
        : double.IsPositiveInfinity(order) ? values.Max()
        : Math.Pow(values.Sum(value => Math.Pow(value, order)), 1 / order);

    // Trees that are a single leaf have no say.
    private static double[] Mean(Estimator ensemble, bool normalized)
    {
        TreeReading[] trees = [.. ensemble.Children("estimators_").Select(TreeReading.Of).Where(static tree => tree.SampleCounts.Length > 1)];
        double[] sum = new double[ensemble.FeatureCount ?? throw ensemble.Missing("n_features_in_", "the number of features")];
        foreach (double[] importances in trees.Select(tree => tree.Importances(normalized)))
        {
            for (int i = 0; i < Math.Min(sum.Length, importances.Length); i++)
            {
                sum[i] += importances[i] / trees.Length;
            }
        }

        double whole = sum.Sum();
        return whole == 0 ? sum : [.. sum.Select(value => value / whole)];
    }
}
