using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.FeatureSelection;

/// <summary>Feature selection: which columns stay follows from the fitted scores.</summary>
internal sealed class Selections : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } =
        ["SelectKBest", "SelectPercentile", "SelectFpr", "SelectFdr", "SelectFwe", "GenericUnivariateSelect", "VarianceThreshold", "RFE", "RFECV", "SelectFromModel", "SequentialFeatureSelector"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => estimator.ClassName is "RFE" or "RFECV" && scope.CanPredict(estimator.Child("estimator_"));

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) => scope.Predict(estimator.Child("estimator_"), Transform(estimator, x, scope));

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        bool[] support = Support(estimator);
        return x.Select(scope, [.. Enumerable.Range(0, support.Length).Where(i => support[i])]);
    }

    private static bool[] Support(Estimator estimator) => estimator.ClassName switch
    {
        "RFE" or "RFECV" or "SequentialFeatureSelector" => [.. estimator.Vector("support_").Select(static value => value != 0)],
        "VarianceThreshold" => [.. estimator.Vector("variances_").Select(value => value > estimator.Number("threshold", 0))],
        "SelectKBest" => OfBest(estimator, "k"),
        "SelectPercentile" => OfPercentile(estimator, "percentile"),
        "SelectFpr" => OfRate(estimator, "alpha"),
        "SelectFwe" => OfFamilyWise(estimator, "alpha"),
        "SelectFdr" => OfFalseDiscovery(estimator, "alpha"),
        "SelectFromModel" => ModelSelection.Support(estimator),
        "GenericUnivariateSelect" => estimator.Text("mode") switch
        {
            "k_best" => OfBest(estimator, "param"),
            "percentile" => OfPercentile(estimator, "param"),
            "fpr" => OfRate(estimator, "param"),
            "fdr" => OfFalseDiscovery(estimator, "param"),
            "fwe" => OfFamilyWise(estimator, "param"),
            var mode => throw estimator.NotSupported($"the mode '{mode}'"),
        },
        _ => throw estimator.NotSupported("this selection"),
    };

    // scikit-learn sorts scores with a stable sort and takes the last k; NaN counts as the smallest number.
    private static bool[] OfBest(Estimator estimator, string count)
    {
        double[] scores = CleanScores(estimator);
        int k = estimator.Text(count) == "all" ? scores.Length : (int)estimator.Number(count, 10);
        bool[] support = new bool[scores.Length];
        foreach (int index in Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]).TakeLast(k))
        {
            support[index] = true;
        }

        return support;
    }

    private static bool[] OfPercentile(Estimator estimator, string share)
    {
        double[] scores = CleanScores(estimator);
        double percentile = estimator.Number(share, 10);
        if (percentile is 0 or 100)
        {
            return [.. scores.Select(_ => percentile == 100)];
        }

        double threshold = Percentile(scores, 100 - percentile);
        bool[] support = [.. scores.Select(score => score > threshold)];
        int[] ties = [.. Enumerable.Range(0, scores.Length).Where(i => scores[i] == threshold)];
        int most = (int)(scores.Length * percentile / 100);
        foreach (int index in ties.Take(Math.Max(0, most - support.Count(static kept => kept))))
        {
            support[index] = true;
        }

        return support;
    }

    private static double[] CleanScores(Estimator estimator) =>
        [.. estimator.Vector("scores_").Select(static score => double.IsNaN(score) ? double.MinValue : score)];

    // NumPy's linear interpolation between order statistics.
    private static double Percentile(double[] values, double percent)
    {
        double[] sorted = [.. values.Order()];
        double position = (sorted.Length - 1) * percent / 100;
        int below = (int)Math.Floor(position);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }

    private static bool[] OfRate(Estimator estimator, string rate) => [.. estimator.Vector("pvalues_").Select(value => value < estimator.Number(rate, 0.05))];

    private static bool[] OfFamilyWise(Estimator estimator, string rate)
    {
        double[] p = estimator.Vector("pvalues_");
        return [.. p.Select(value => value < estimator.Number(rate, 0.05) / p.Length)];
    }

    // Benjamini & Hochberg (1995).
    private static bool[] OfFalseDiscovery(Estimator estimator, string rate)
    {
        double[] p = estimator.Vector("pvalues_");
        double alpha = estimator.Number(rate, 0.05);
        double[] sorted = [.. p.Order()];
        double[] kept = [.. sorted.Where((value, index) => value <= alpha / p.Length * (index + 1))];
        return [.. p.Select(value => kept.Length > 0 && value <= kept[^1])];
    }
}
