using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Tests.Loading;

public sealed class SignatureMergerTests
{
    private static readonly ModelSignature Engine = new(
        [
            new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, -1)),
            new TensorSignature("o", TensorDataType.Int64, new TensorShape(-1)) { IsOptional = true },
        ],
        [
            new TensorSignature("label", TensorDataType.Int64, new TensorShape(-1)),
            new TensorSignature("probabilities", TensorDataType.Float32, new TensorShape(-1, 3)),
        ])
    { Metadata = new Dictionary<string, string> { ["producer"] = "engine" } };

    [Fact]
    public void Without_declarations_the_engine_stands_alone()
    {
        ServableContract contract = SignatureMerger.Merge(
            "m", Engine, new Dictionary<string, string> { ["producer"] = "file", ["more"] = "1" }, ModelConfig.Default, isBatchable: true);

        Assert.Equal(["x", "o"], contract.Signature.Inputs.Select(static input => input.Name));
        Assert.Equal([0, 1], contract.AllOutputs);
        Assert.Equal(("engine", "1"), (contract.Signature.Metadata["producer"], contract.Signature.Metadata["more"]));
    }

    [Fact]
    public void Declarations_narrow_shapes_choose_outputs_and_name_classes()
    {
        ModelConfig config = new()
        {
            DeclaredInputs = [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 4))],
            DeclaredOutputs = [new TensorSignature("probabilities", TensorDataType.Float32, new TensorShape(-1, -1))],
            OutputLabels = new Dictionary<string, IReadOnlyList<string>> { ["probabilities"] = ["a", "b", "c"] },
        };

        ServableContract contract = SignatureMerger.Merge("m", Engine, new Dictionary<string, string>(), config, isBatchable: true);

        Assert.Equal(new TensorShape(-1, 4), contract.Signature.Inputs[0].Shape);
        TensorSignature output = Assert.Single(contract.Signature.Outputs);
        Assert.Equal(new TensorShape(-1, 3), output.Shape);
        Assert.Equal(["a", "b", "c"], output.Labels);
        Assert.Equal([1], contract.AllOutputs);
    }

    public static TheoryData<ModelConfig, string> Contradictions() => new()
    {
        { Inputs(new TensorSignature("y", TensorDataType.Float32, new TensorShape(-1))), "input 'y' is declared, but the model has no such input" },
        { Inputs(new TensorSignature("x", TensorDataType.Float64, new TensorShape(-1, 4))), "declared as FP64, but the model has FP32" },
        { Inputs(new TensorSignature("x", TensorDataType.Float32, new TensorShape(4))), "declared with shape [4], but the model has [-1,-1]" },
        { Inputs(new TensorSignature("o", TensorDataType.Int64, new TensorShape(-1))), "input 'x' of the model is not declared" },
        { Outputs(new TensorSignature("probabilities", TensorDataType.Float32, new TensorShape(-1, 4))), "declared with shape [-1,4], but the model has [-1,3]" },
        { Outputs(new TensorSignature("score", TensorDataType.Float32, new TensorShape(-1))), "output 'score' is declared, but the model has no such output" },
        {
            new ModelConfig { OutputLabels = new Dictionary<string, IReadOnlyList<string>> { ["score"] = ["a"] } },
            "labels are given for output 'score', which the model does not offer"
        },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Contradiction_is_refused_and_named(ModelConfig config, string part)
    {
        SlipwayException exception = Assert.Throws<SlipwayException>(() =>
            SignatureMerger.Merge("m", Engine, new Dictionary<string, string>(), config, isBatchable: true));

        Assert.Equal(ErrorCode.InvalidConfiguration, exception.Code);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    private static ModelConfig Inputs(TensorSignature input) => new() { DeclaredInputs = [input] };

    private static ModelConfig Outputs(TensorSignature output) => new() { DeclaredOutputs = [output] };
}
