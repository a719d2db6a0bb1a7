using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>Every XGBoost and LightGBM file of the conformance data, in every encoding, against what the libraries themselves answered.</summary>
public sealed class BoosterConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases { get; } = [.. Assets.Cases(static () => BoosterCase.Names)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_converted_model_answers_as_the_original(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        BoosterCase item = BoosterCase.Find(name);
        double[][] rows = item.ReadRows();
        foreach (string file in item.ModelFiles)
        {
            if (item.ReadModel(file) is not { } bytes)
            {
                continue;
            }

            using BoosterModel model = await BoosterModel.LoadAsync(Path.GetFileName(file), bytes);
            double worst = item.Compare(model.Run(rows), Path.GetFileName(file));
            output.WriteLine($"{Path.GetFileName(file)}: {rows.Length} rows, largest difference {worst:E1}");
        }
    }

    [Fact]
    public async Task A_file_cut_off_anywhere_is_refused()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string[] files =
        [
            "boosters/negative/truncated.json", "boosters/xgboost/trained/base_score.ubj", "boosters/xgboost/trained/binary_logistic.bst",
            "boosters/lightgbm/samples/mlserver_lgb_iris.bst", "boosters/xgboost/trained/base_score.json",
        ];
        foreach (string file in files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(Assets.PathOf(file), TestContext.Current.CancellationToken);
            for (int i = 1; i < 40; i++)
            {
                byte[] part = bytes[..(int)((long)bytes.Length * i / 64)];
                SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() => BoosterModel.LoadAsync("model", part));
                Assert.Equal(ErrorCode.InvalidModel, error.Code);
            }
        }
    }

    [Fact]
    public async Task Feature_names_and_classes_come_with_the_model()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        byte[] bytes = await File.ReadAllBytesAsync(Assets.PathOf("boosters/lightgbm/jpmml/ClassificationAudit.txt"), TestContext.Current.CancellationToken);
        using BoosterModel model = await BoosterModel.LoadAsync("model.txt", bytes);

        Assert.StartsWith("[\"Age\",\"Employment\"", model.Signature.Metadata[ModelMetadataKeys.FeatureNames], StringComparison.Ordinal);
        Assert.Equal("{\"probabilities\":[\"0\",\"1\"]}", model.Signature.Metadata[ModelMetadataKeys.OutputLabels]);
        Assert.Equal("[\"label\",\"probabilities\"]", model.Signature.Metadata[ModelMetadataKeys.DefaultOutputs]);
        Assert.Equal(["0", "1"], model.Signature.Outputs[model.Signature.IndexOfOutput("probabilities")].Labels);
        Assert.True(model.Signature.IsBatchable);
    }
}
