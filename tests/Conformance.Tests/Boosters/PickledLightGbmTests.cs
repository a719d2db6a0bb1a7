using System.Text;
using Slipway.Conformance.Tests.Sklearn;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>Pickled LightGBM models, written by hand in pickle protocol 0: the text of the model is an attribute of the booster, which is one of the wrapper.</summary>
public sealed class PickledLightGbmTests
{
    private const string Model = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=0
        objective=binary sigmoid:1
        feature_names=a
        feature_infos=[0:10]

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        threshold=0.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=-1 3

        Tree=1
        num_leaves=1
        num_cat=0
        leaf_value=100

        end of trees
        """;

    [Theory]
    [InlineData("handle")]
    [InlineData("_handle")]
    public async Task A_booster_predicts_up_to_its_best_iteration(string attribute)
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.pkl", Encoding.ASCII.GetBytes(Booster(attribute) + "."));
        double[] probabilities = SklearnCase.Numbers(model.Run([[0], [1]])["probabilities"]);
        Assert.Equal(1 / (1 + Math.Exp(1)), probabilities[1], 1e-7);
        Assert.Equal(1 / (1 + Math.Exp(-3)), probabilities[3], 1e-7);
    }

    [Fact]
    public async Task A_classifier_answers_with_the_classes_of_its_encoder()
    {
        string encoder = Instance("sklearn.preprocessing._label", "LabelEncoder", "S'classes_'\n(lVno\naVyes\nas");
        string wrapper = Instance("lightgbm.sklearn", "LGBMClassifier", $"S'_Booster'\n{Booster("_handle")}sS'_le'\n{encoder}s");
        using BoosterModel model = await BoosterModel.LoadAsync("model.pkl", Encoding.ASCII.GetBytes(wrapper + "."));
        Assert.Equal(["no", "yes"], SklearnCase.Texts(model.Run([[0], [1]])["label"]));
    }

    [Fact]
    public async Task A_class_of_another_package_is_refused_by_name()
    {
        SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(
            () => BoosterModel.LoadAsync("model.pkl", Encoding.ASCII.GetBytes(Instance("imblearn.ensemble._weight_boosting", "RUSBoostClassifier", "") + ".")));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
        Assert.Contains("imblearn.ensemble._weight_boosting.RUSBoostClassifier", error.Message, StringComparison.Ordinal);
    }

    private static string Booster(string attribute) =>
        Instance("lightgbm.basic", "Booster", $"S'{attribute}'\nV{Model.ReplaceLineEndings("\n").Replace("\n", "\\u000a", StringComparison.Ordinal)}\nsS'best_iteration'\nI1\ns");

    private static string Instance(string module, string name, string state) => $"ccopy_reg\n_reconstructor\n(c{module}\n{name}\nc__builtin__\nobject\nNtR(d{state}b";
}
