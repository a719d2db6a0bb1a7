using System.Text;
using Slipway.Formats.Abstractions;
using Slipway.Formats.CatBoost;
using Slipway.Formats.LightGbm;
using Slipway.Formats.XGBoost;
using Slipway.TestKit;

namespace Slipway.Fuzz.Targets;

/// <summary>Boosted models of other libraries in every encoding that is read.</summary>
internal sealed class BoosterTarget : IFuzzTarget
{
    private const string LightGbm = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=a b
        feature_infos=[0:10] 0:1:2

        Tree=0
        num_leaves=3
        num_cat=1
        split_feature=0 1
        split_gain=1 1
        threshold=0.5 0
        decision_type=10 1
        left_child=1 -1
        right_child=-2 -3
        leaf_value=0.1 -0.3 0.2
        cat_boundaries=0 1
        cat_threshold=5
        shrinkage=1

        end of trees
        """;

    private const string CatBoost = """
        {"model_info":{"params":{"loss_function":{"type":"Logloss"}}},"features_info":{"float_features":[{"feature_index":0,"flat_feature_index":0,"borders":[0.5],"nan_value_treatment":"AsIs"}]},
        "oblivious_trees":[{"splits":[{"float_feature_index":0,"border":0.5,"split_type":"FloatFeature","split_index":0}],"leaf_values":[0.1,-0.2]}],"scale_and_bias":[1,[0]]}
        """;

    private static readonly (string Key, string Value)[] Squares = [("params", """{"loss_function":{"type":"RMSE"}}""")];

    private static IEnumerable<byte[]> Binary => [CatBoostModels.Symmetric(Squares), CatBoostModels.Steps(Squares), CatBoostModels.WithCategory(Squares, "red", "blue")];

    private readonly IModelFormat[] _formats = [new XGBoostFormat(), new LightGbmFormat(), new CatBoostFormat(), new CatBoostBinaryFormat()];

    public string Name => "booster";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. TrainedSeeds.Boosters, Encoding.UTF8.GetBytes(LightGbm), Encoding.UTF8.GetBytes(CatBoost), .. Binary];

    public ValueTask ReadAsync(byte[] input)
    {
        IModelFormat format = input switch
        {
            [(byte)'t', ..] => _formats[1],
            [(byte)'C', (byte)'B', ..] => _formats[3],
            [(byte)'{', ..] when input.AsSpan().IndexOf("oblivious"u8) >= 0 => _formats[2],
            _ => _formats[0],
        };
        using VersionFiles files = new(new MemoryModelArtifact("model", ("model", input)), "model");
        format.Prepare(files, CancellationToken.None).Dispose();
        return ValueTask.CompletedTask;
    }
}
