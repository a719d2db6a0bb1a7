using System.Buffers.Binary;
using Slipway.Conformance.Tests.Sklearn;
using Slipway.Core;
using Slipway.TestKit;
using static Slipway.TestKit.FlatBufferWriter;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>CatBoost's binary files by hand: the answers follow from the trees as its evaluator walks them.</summary>
public sealed class CatBoostBinaryTests
{
    private const string Squares = """{"loss_function":{"type":"RMSE"}}""";

    private static readonly double[][] Rows = [[0, 0], [1, 0], [0, 2], [1, 2], [0.5, 1.5], [double.NaN, double.NaN]];

    [Fact]
    public async Task A_regression_answers_as_its_export_in_JSON()
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", CatBoostModels.Symmetric(("params", Squares)));
        Assert.Equal([22.25, 24.25, 46.25, 48.25, 22.25, 24.25], SklearnCase.Numbers(model.Run(Rows)["prediction"]));
        Assert.Equal(["width", "height"], ModelMetadata.FeatureNames(model.Signature.Metadata));
    }

    [Theory]
    [InlineData("class_params", """{"class_label_type":"String","class_names":["no","yes"],"class_to_label":[0,1],"classes_count":0}""", "no", "yes")]
    [InlineData("class_params", """{"class_label_type":"Integer","class_names":[-1,4],"class_to_label":[0,1],"classes_count":0}""", "-1", "4")]
    [InlineData("multiclass_params", """{"class_names":[],"class_to_label":[1,2],"classes_count":0}""", "1", "2")]
    public async Task Classes_are_those_of_the_training_data(string key, string classes, string first, string second)
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", Classifier([-1.0, 3], 1, "Logloss", (key, classes)));
        IReadOnlyDictionary<string, Tensor> outputs = model.Run([[0], [1]]);
        Assert.Equal([first, second], SklearnCase.Texts(outputs["label"]));
        Assert.Equal(1 / (1 + Math.Exp(-3)), SklearnCase.Numbers(outputs["probabilities"])[3], 1e-7);
    }

    [Fact]
    public async Task Several_classes_are_weighed_by_softmax()
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", Classifier([1.0, 0, 0, 0, 0, 2], 3, "MultiClass"));
        IReadOnlyDictionary<string, Tensor> outputs = model.Run([[0], [1]]);
        Assert.Equal(["0", "2"], SklearnCase.Texts(outputs["label"]));
        Assert.Equal(Math.E / (Math.E + 2), SklearnCase.Numbers(outputs["probabilities"])[0], 1e-7);
    }

    [Fact]
    public async Task Several_labels_have_a_probability_each()
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", Classifier([1.0, -1, -2, 2], 2, "MultiLogloss"));
        IReadOnlyDictionary<string, Tensor> outputs = model.Run([[0], [1]]);
        Assert.Equal(["1", "0", "0", "1"], SklearnCase.Texts(outputs["label"]));
        Assert.Equal(1 / (1 + Math.E), SklearnCase.Numbers(outputs["probabilities"])[1], 1e-7);
    }

    [Fact]
    public async Task Uncertainty_is_a_mean_and_a_variance()
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", Classifier([1.0, 0.5, 3, -0.5], 2, "RMSEWithUncertainty"));
        double[] answers = SklearnCase.Numbers(model.Run([[0], [1]])["prediction"]);
        Assert.All(answers.Zip([1, Math.E, 3, 1 / Math.E]), static pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public async Task Trees_that_are_not_symmetric_are_walked_by_steps()
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", CatBoostModels.Steps(("params", Squares)));
        Assert.Equal([10.0, 20, 10, 30, 10, 20], SklearnCase.Numbers(model.Run(Rows)["prediction"]));
    }

    [Fact]
    public async Task A_feature_that_no_tree_asks_for_keeps_its_column()
    {
        byte[] file = CatBoostModels.File(
            [("params", Squares)],
            (0, 1), (1, Numbers(0)), (2, Numbers(1)),
            (5, Vector(CatBoostModels.Number(0, "a", [], nan: 0), CatBoostModels.Number(1, "b", [1.5f], nan: 0))), (8, Numbers(1.0, 2)));
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", file);
        Assert.Equal([1.0, 1, 2, 2, 1, 1], SklearnCase.Numbers(model.Run(Rows)["prediction"]));
    }

    [Fact]
    public async Task Categories_that_are_compared_directly_are_inputs_of_text()
    {
        using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", CatBoostModels.WithCategory([("params", Squares)], "red", "blue"));
        Assert.Equal(["size", "colour"], model.Signature.Inputs.Select(static input => input.Name));
        double[] answers = SklearnCase.Numbers(model.RunColumns(["size", "colour"], [[0.0, "red"], [1.0, "red"], [0.0, "green"], [1.0, ""], [0.0, "blue"]])["prediction"]);

        // Split 0: size > 0.5 (1), split 2: colour is blue (2); the second tree asks for red (10, else 0).
        Assert.Equal([10.0, 11, 0, 1, 2], answers);
    }

    [Fact]
    public async Task Categories_without_their_text_and_statistics_of_categories_are_refused_by_name()
    {
        SlipwayException unknown = await Refused(CatBoostModels.WithCategory([("params", Squares)]));
        Assert.Equal(ErrorCode.NotSupported, unknown.Code);
        Assert.Contains("categories whose text the file does not hold", unknown.Message, StringComparison.Ordinal);

        SlipwayException counted = await Refused(CatBoostModels.File([], (0, 1), (7, Vector(Table((1, Numbers(0.5f)))))));
        Assert.Equal(ErrorCode.NotSupported, counted.Code);
        Assert.Contains("statistics of categories", counted.Message, StringComparison.Ordinal);

        SlipwayException fewer = await Refused(Classifier([-1.0, 3], 1, "Logloss", ("class_params", """{"class_names":["a","b","c"],"class_to_label":[0,2]}""")));
        Assert.Contains("3 classes", fewer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pickled_wrapper_answers_as_its_file()
    {
        byte[] file = Classifier([-1.0, 3], 1, "Logloss", ("class_params", """{"class_names":["no","yes"]}"""));
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, file.Length);
        byte[] pickle =
        [
            0x80, 3, .. "ccatboost.core\nCatBoostClassifier\n)"u8, 0x81, .. "}("u8,
            .. "X\u0007\0\0\0__modelB"u8, .. length, .. file, .. "X\u000a\0\0\0iterationsK\u0001ub."u8,
        ];
        using BoosterModel model = await BoosterModel.LoadAsync("model.pkl", pickle);
        IReadOnlyDictionary<string, Tensor> outputs = model.Run([[0], [1]]);
        Assert.Equal(["no", "yes"], SklearnCase.Texts(outputs["label"]));
        Assert.Equal(1 / (1 + Math.E), SklearnCase.Numbers(outputs["probabilities"])[1], 1e-7);
    }

    [Fact]
    public async Task A_file_cut_anywhere_or_with_any_byte_changed_is_refused_or_answers()
    {
        byte[] whole = CatBoostModels.Symmetric(("params", Squares));
        for (int length = 4; length < whole.Length; length++)
        {
            SlipwayException error = await Refused(whole[..length]);
            Assert.Equal(ErrorCode.InvalidModel, error.Code);
        }

        for (int i = 4; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0xFF;
            try
            {
                using BoosterModel model = await BoosterModel.LoadAsync("model.cbm", changed);
            }
            catch (SlipwayException error)
            {
                Assert.Contains(error.Code, (ErrorCode[])[ErrorCode.InvalidModel, ErrorCode.NotSupported]);
            }
        }
    }

    private static byte[] Classifier(double[] leaves, int dimensions, string loss, params (string Key, string Value)[] info) => CatBoostModels.File(
        [.. info, ("params", $$$"""{"loss_function":{"type":"{{{loss}}}"}}""")],
        (0, dimensions), (1, Numbers(0)), (2, Numbers(1)), (5, Vector(CatBoostModels.Number(0, "", [0.5f], nan: 0))), (8, Numbers(leaves)));

    private static Task<SlipwayException> Refused(byte[] file) => Assert.ThrowsAsync<SlipwayException>(() => BoosterModel.LoadAsync("model.cbm", file));
}
