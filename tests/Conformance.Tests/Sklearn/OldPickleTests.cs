using System.Runtime.InteropServices;
using System.Text;
using Slipway.Conformance.Tests.Boosters;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Sklearn;

/// <summary>
/// Files as scikit-learn wrote them before 0.23: with a joblib of its own, modules under other names, and no number of features. By hand, in pickle protocol 2, whose arrays follow their
/// wrapper as joblib 0.10 to 0.14 laid them out.
/// </summary>
public sealed class OldPickleTests
{
    [Fact]
    public async Task Arrays_of_the_joblib_that_scikit_learn_brought_are_read()
    {
        byte[] file =
        [
            .. Start("sklearn.preprocessing.data", "StandardScaler"), .. Text("mean_"), .. Array(1, 2), .. Text("scale_"), .. Array(2, 4),
            .. Text("with_mean"), 0x88, .. Text("with_std"), 0x88, .. Text("_sklearn_version"), .. Text("0.20.3"), .. "ub."u8,
        ];
        using BoosterModel model = await BoosterModel.LoadAsync("model.joblib", file);
        Assert.Equal([0.0, 0, 1, -0.5], SklearnCase.Numbers(model.Run([[1, 2], [3, 0]])["transformed"]));
    }

    [Theory]
    [InlineData("warn", false)] // the default of 0.20 and 0.21: one class against the rest
    [InlineData("ovr", false)]
    [InlineData("multinomial", true)]
    public async Task The_default_of_logistic_regression_that_announced_another_is_one_against_the_rest(string mode, bool isSoftmax)
    {
        byte[] file =
        [
            .. Start("sklearn.linear_model.logistic", "LogisticRegression"), .. Text("coef_"), .. Array([1, 0, -1], 3, 1), .. Text("intercept_"), .. Array(0, 0, 0), .. Text("classes_"), .. Array(0, 1, 2),
            .. Text("multi_class"), .. Text(mode), .. Text("solver"), .. Text("warn"), .. Text("_sklearn_version"), .. Text("0.20.3"), .. "ub."u8,
        ];
        using BoosterModel model = await BoosterModel.LoadAsync("model.joblib", file);
        double[] answers = SklearnCase.Numbers(model.Run([[2]])["probabilities"]);
        double[] weights = [.. new[] { 2.0, 0, -2 }.Select(decision => isSoftmax ? Math.Exp(decision) : 1 / (1 + Math.Exp(-decision)))];
        Assert.All(answers.Zip(weights), pair => Assert.Equal(pair.Second / weights.Sum(), pair.First, 1e-9));
    }

    [Fact]
    public async Task What_older_versions_computed_otherwise_is_refused()
    {
        byte[] file =
        [
            .. Start("sklearn.discriminant_analysis", "LinearDiscriminantAnalysis"), .. Text("coef_"), .. Array([1, 0, -1], 3, 1), .. Text("intercept_"), .. Array(0, 0, 0), .. Text("classes_"),
            .. Array(0, 1, 2), .. Text("_sklearn_version"), .. Text("0.19.1"), .. "ub."u8,
        ];
        SlipwayException error = await Assert.ThrowsAsync<SlipwayException>(() => BoosterModel.LoadAsync("model.joblib", file));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
        Assert.Contains("scikit-learn 0.19.1", error.Message, StringComparison.Ordinal);
    }

    // An instance whose attributes follow as pairs, until "ub".
    private static byte[] Start(string module, string name) => [0x80, 2, .. Global(module, name), .. ")"u8, 0x81, .. "}("u8];

    private static byte[] Global(string module, string name) => Encoding.ASCII.GetBytes($"c{module}\n{name}\n");

    private static byte[] Text(string text) => [.. "X"u8, .. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Array(params double[] values) => Array(values, values.Length);

    private static byte[] Array(double[] values, params int[] shape) =>
    [
        .. Global("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper"), .. ")"u8, 0x81, .. "}("u8,
        .. Text("subclass"), .. Global("numpy", "ndarray"), .. Text("shape"), .. "("u8, .. shape.SelectMany(static size => (byte[])[(byte)'K', (byte)size]), .. "t"u8,
        .. Text("order"), .. Text("C"), .. Text("dtype"), .. Global("numpy", "dtype"), .. Text("f8"), .. "K\0K\u0001"u8, 0x87, .. "R(K\u0003"u8, .. Text("<"), .. "NNNJ"u8, 0xFF, 0xFF, 0xFF, 0xFF,
        .. "J"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "K\0tb"u8, .. Text("allow_mmap"), 0x88, .. "ub"u8,
        .. MemoryMarshal.AsBytes(values.AsSpan()),
    ];
}
