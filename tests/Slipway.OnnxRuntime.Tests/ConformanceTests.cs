using System.Text.Json;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests;

public sealed class ConformanceTests
{
    // Models that declare an output of another shape than they give; everything else about them is compared.
    private static readonly Dictionary<string, string> WrongDeclarations = new()
    {
        ["runtime/model_with_external_initializers"] = "declares Y as [1,4]; padding a [1,2] input by the file's pads gives [2,3]",
    };

    public static TheoryData<string> Runnable => Names(OnnxTestCases.RunnableNames);

    public static TheoryData<string> MustFail => Names(OnnxTestCases.MustFailNames);

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task Case_gives_the_expected_outputs(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        OnnxTestCase testCase = OnnxTestCases.Load(name);
        using ILoadedModel model = await Engine.LoadAsync(testCase);

        Tensor[] outputs = Engine.Run(model, testCase.Inputs);
        try
        {
            foreach (Tensor expected in testCase.Expected)
            {
                Tensor actual = Assert.Single(outputs, output => output.Name == expected.Name);
                Assert.Null(TensorComparison.Difference(expected, actual, testCase.RelativeTolerance, testCase.AbsoluteTolerance, testCase.IsLoose));
                TensorSignature signature = model.Signature.Outputs[model.Signature.IndexOfOutput(actual.Name)];
                Assert.True(WrongDeclarations.ContainsKey(name) || signature.IsRankUnknown || actual.Shape.Fits(signature.Shape), $"{actual.Shape} is not {signature.Shape}");
            }

            foreach ((string output, string[] labels) in testCase.ExpectedLabels)
            {
                Assert.Equal(labels, model.Signature.Outputs[model.Signature.IndexOfOutput(output)].Labels);
            }
        }
        finally
        {
            Array.ForEach(outputs, output => output.Dispose());
        }
    }

    [Theory]
    [InlineData("simple")]
    [InlineData("simple_string")]
    public async Task Model_of_a_triton_repository_gives_the_published_answer(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using ILoadedModel model = await Engine.LoadAsync(File.ReadAllBytes(Assets.PathOf($"triton-repository/model_repository/{name}/1/model.onnx")));
        using JsonDocument data = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf($"triton-repository/model_repository.io/{name}.json")));
        Tensor[] expected = V2Json.ReadTensors(data.RootElement.GetProperty("response").GetProperty("outputs"));

        Tensor[] outputs = Engine.Run(model, V2Json.ReadTensors(data.RootElement.GetProperty("request").GetProperty("inputs")));

        foreach (Tensor wanted in expected)
        {
            Assert.Null(TensorComparison.Difference(wanted, Assert.Single(outputs, output => output.Name == wanted.Name), 0, 0));
        }
    }

    [Theory]
    [MemberData(nameof(MustFail))]
    public async Task Bad_model_is_refused_with_a_reason(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        OnnxTestCase testCase = OnnxTestCases.Load(name);

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(testCase));

        Assert.True(failure.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported, failure.ToString());
        Assert.DoesNotContain("onnxruntime_src", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".cc", failure.Message, StringComparison.Ordinal);
    }

    private static TheoryData<string> Names(IEnumerable<string> names)
    {
        TheoryData<string> data = [.. names];
        if (data.Count == 0)
        {
            data.Add("none");
        }

        return data;
    }
}
