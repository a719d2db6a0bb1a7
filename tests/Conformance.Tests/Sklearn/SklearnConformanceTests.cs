using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Sklearn;

/// <summary>
/// Every scikit-learn file of the conformance data, in every encoding, against what scikit-learn itself answered in binary64. Tolerances come from the data's manifest.
/// </summary>
public sealed class SklearnConformanceTests
{
    public static TheoryData<string> Cases { get; } = [.. Assets.Cases(static () => SklearnCase.Names("sklearn"))];

    public static TheoryData<string> HostileCases { get; } = [.. Assets.Cases(static () => SklearnCase.Names("hostile"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_converted_model_answers_as_the_original(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        SklearnCase item = SklearnCase.Find(name);
        foreach (string file in item.ModelFiles)
        {
            using ConvertedModel model = await ConvertedModel.LoadAsync(file);
            IReadOnlyDictionary<string, Tensor> outputs = model.Run(item.ReadRows());
            item.Compare(outputs, Path.GetFileName(file));
        }
    }

    [Theory]
    [MemberData(nameof(HostileCases))]
    public async Task A_hostile_file_is_refused(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        foreach (string file in SklearnCase.Find(name).ModelFiles)
        {
            SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() => ConvertedModel.LoadAsync(file));
            Assert.Equal(ErrorCode.InvalidModel, error.Code);
        }
    }

    [Fact]
    public async Task One_row_answers_as_it_does_among_others()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        SklearnCase item = SklearnCase.Find("scaler_logreg");
        using ConvertedModel model = await ConvertedModel.LoadAsync(item.ModelFiles[0]);
        CsvRows rows = item.ReadRows();
        double[] together = SklearnCase.Numbers(model.Run(rows)["probabilities"]);
        for (int i = 0; i < rows.Count; i++)
        {
            double[] alone = SklearnCase.Numbers(model.Run(rows.Only(i))["probabilities"]);

            // The engine's exponential may differ in its last bit with where a row lies in a batch.
            Assert.Equal(together[2 * i], alone[0], 1e-15);
            Assert.Equal(together[(2 * i) + 1], alone[1], 1e-15);
        }
    }
}
