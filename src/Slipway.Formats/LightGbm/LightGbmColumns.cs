using Slipway.Core;

namespace Slipway.Formats.LightGbm;

/// <summary>Which features a model uses in which way.</summary>
/// <param name="Categorical">For each feature whether some branch asks for its category.</param>
/// <param name="ZeroIsMissing">Features for which some branch takes zero for missing; their copies follow the features' own columns, in this order.</param>
internal sealed record LightGbmColumns(bool[] Categorical, int[] ZeroIsMissing)
{
    /// <summary>Finds out.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: a feature is used both as a number and as a category, which LightGBM never does.</exception>
    public static LightGbmColumns Of(LightGbmModel model)
    {
        bool[] categorical = new bool[model.FeatureNames.Count];
        bool[] numeric = new bool[model.FeatureNames.Count];
        SortedSet<int> zero = [];
        foreach (LightGbmTree tree in model.Trees)
        {
            for (int i = 0; i < tree.SplitFeature.Length; i++)
            {
                if (LightGbmNodes.IsCategorical(tree.DecisionType[i]))
                {
                    categorical[tree.SplitFeature[i]] = true;
                    continue;
                }

                numeric[tree.SplitFeature[i]] = true;
                if (LightGbmNodes.MissingOf(tree.DecisionType[i]) == LightGbmMissing.Zero)
                {
                    zero.Add(tree.SplitFeature[i]);
                }
            }
        }

        int both = Array.FindIndex([.. categorical.Zip(numeric, static (one, other) => one && other)], static used => used);
        if (both >= 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the LightGBM model is damaged: feature '{model.FeatureNames[both]}' is a number and a category");
        }

        return new LightGbmColumns(categorical, [.. zero]);
    }

    /// <summary>The column in which zero is NaN.</summary>
    public int ZeroIsMissingColumn(int feature) => Categorical.Length + Array.BinarySearch(ZeroIsMissing, feature);
}
