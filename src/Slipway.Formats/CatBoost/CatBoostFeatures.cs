using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.CatBoost;

/// <summary>The features of a model in JSON, and what its splits ask of them.</summary>
internal sealed class CatBoostFeatures
{
    private const int MaxColumns = 1_000_000;

    private readonly List<CatBoostFeature> _all = [];
    private readonly Dictionary<int, int> _numbers = [];
    private readonly Dictionary<int, int> _categories = [];

    // CatBoost compares hashes of categories; a graph needs their text.
    private readonly Dictionary<uint, string> _texts = [];
    private readonly Dictionary<(int Feature, string Text), int> _positions = [];

    private CatBoostFeatures()
    {
    }

    /// <summary>Features in the order that <see cref="Split"/> counts them.</summary>
    public IReadOnlyList<CatBoostFeature> All => _all;

    /// <summary>Whether some columns are no numbers.</summary>
    public bool IsMixed => _categories.Count > 0;

    /// <summary>Reads <c>features_info</c>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for texts, embeddings and statistics of categories.</exception>
    public static CatBoostFeatures Read(ModelNode info)
    {
        foreach ((string kind, string name) in new[] { ("ctrs", "statistics of categories (CTRs)"), ("text_features", "text features"), ("embedding_features", "embedding features") })
        {
            if (info.TryGet(kind, out ModelNode others) && others.Value is List<object?> { Count: > 0 })
            {
                throw NotConverted(name);
            }
        }

        CatBoostFeatures features = new();
        foreach (ModelNode feature in List(info, "float_features"))
        {
            string treatment = feature.TryGet("nan_value_treatment", out ModelNode nan) ? nan.Text : "AsIs";
            features.Add(features._numbers, feature, new CatBoostFeature(NameOf(feature), ColumnOf(feature), treatment == "AsTrue"));
        }

        foreach (ModelNode hash in List(info, "cat_features_hash"))
        {
            features._texts[Hash(hash["hash"])] = hash["value"].Text;
        }

        foreach (ModelNode feature in List(info, "categorical_features"))
        {
            features.Add(features._categories, feature, new CatBoostFeature(NameOf(feature), ColumnOf(feature), false, new List<string>()));
            IReadOnlyList<ModelNode> hashes = List(feature, "values");
            IReadOnlyList<ModelNode> texts = List(feature, "string_values");
            for (int i = 0; i < Math.Min(hashes.Count, texts.Count); i++)
            {
                features._texts[Hash(hashes[i])] = texts[i].Text;
            }
        }

        return features._all.Count > 0 ? features : throw info.Invalid("has no features");
    }

    /// <summary>What a model that has something else can't be.</summary>
    public static SlipwayException NotConverted(string what) =>
        new(ErrorCode.NotSupported, $"the CatBoost model has {what}, which are not converted: encode such features as numbers before training");

    /// <summary>What a split of the file asks.</summary>
    public CatBoostSplit Split(ModelNode split)
    {
        string kind = split.TryGet("split_type", out ModelNode type) ? type.Text : "FloatFeature";
        switch (kind)
        {
            case "FloatFeature":
                return new CatBoostSplit(Find(_numbers, split, "float_feature_index"), (float)split["border"].Number);
            case "OneHotFeature":
                int feature = Find(_categories, split, "cat_feature_index");
                if (!_texts.TryGetValue(Hash(split["value"]), out string? text))
                {
                    throw NotConverted("categories whose text the file does not hold");
                }

                List<string> known = (List<string>)_all[feature].Categories!;
                if (!_positions.TryGetValue((feature, text), out int position))
                {
                    _positions[(feature, text)] = position = known.Count;
                    known.Add(text);
                }

                return new CatBoostSplit(feature, position);
            default:
                throw NotConverted($"splits of the kind {kind}");
        }
    }

    private void Add(Dictionary<int, int> positions, ModelNode feature, CatBoostFeature read)
    {
        if (!positions.TryAdd((int)feature.NumberOr("feature_index", positions.Count), _all.Count))
        {
            throw feature.Invalid("has the index of another");
        }

        _all.Add(read);
    }

    private static int Find(Dictionary<int, int> positions, ModelNode split, string name)
    {
        double index = split[name].Number;
        return index == Math.Floor(index) && index is >= 0 and < MaxColumns && positions.TryGetValue((int)index, out int position)
            ? position
            : throw split.Invalid("asks for a feature that is not there");
    }

    private static int ColumnOf(ModelNode feature)
    {
        double column = feature.NumberOr("flat_feature_index", feature["feature_index"].Number);
        return column is >= 0 and < MaxColumns ? (int)column : throw feature.Invalid("has no column");
    }

    private static string NameOf(ModelNode feature) =>
        feature.TryGet("feature_id", out ModelNode id) || feature.TryGet("feature_name", out id) ? id.Value as string ?? "" : "";

    private static IReadOnlyList<ModelNode> List(ModelNode holder, string name) => holder.TryGet(name, out ModelNode list) && list.Value is not null ? list.Items : [];

    // Hashes are written with and without a sign.
    private static uint Hash(ModelNode hash) => unchecked((uint)(long)hash.Number);
}
