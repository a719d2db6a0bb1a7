using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.OnnxRuntime;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Batching changes no answer of real models, beyond the engine's own order of summation.</summary>
public sealed class RealEngineTests
{
    [Theory]
    [InlineData("mlp_30_64_1.onnx")]
    [InlineData("sklearn-onnx/dt_iris.onnx")]
    [InlineData("sklearn-onnx/gnb_iris.onnx")]
    [InlineData("sklearn-onnx/kmeans_iris.onnx")]
    [InlineData("sklearn-onnx/logreg_breast_cancer.onnx")]
    [InlineData("sklearn-onnx/pca_lr_digits.onnx")]
    [InlineData("sklearn-onnx/rf100_breast_cancer.onnx")]
    [InlineData("sklearn-onnx/gb_breast_cancer.onnx")]
    [InlineData("sklearn-onnx/ridge_diabetes.onnx")]
    public async Task Batched_answers_are_those_of_the_engine_alone(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        byte[] bytes = File.ReadAllBytes(Assets.PathOf("perf/" + name));
        await using InferenceFixture fixture = new(BytesPreparer.Services(new Dictionary<string, byte[]> { [name] = bytes }));
        ModelConfig config = new() { Instances = 1, Batching = new BatchingConfig { MaxBatchSize = 16, MaxQueueDelay = TimeSpan.FromMilliseconds(1) } };
        fixture.Source.With(new DesiredModel("m", config, new Dictionary<long, ModelArtifact> { [1] = new FakeArtifact(name) }));
        await fixture.StartAsync();
        ServableInfo servable = await fixture.Catalog.GetServableAsync("m", default, InferenceFixture.Token);
        Assert.True(servable.Signature.IsBatchable, "the probe should have confirmed that rows are independent");
        using PreparedModel prepared = BytesPreparer.Prepare(bytes);
        using ILoadedModel alone = await fixture.Get<OnnxModelRuntime>().LoadAsync(prepared, new EngineConfig(), InferenceFixture.Token);
        TensorSignature input = alone.Signature.Inputs[0];
        int[] outputs = [.. Enumerable.Range(0, alone.Signature.Outputs.Count)];
        Random random = new(5);
        Tensor[] questions = [.. Enumerable.Range(0, 120).Select(_ => Question(random, input))];

        InferenceResponse[] answers = await Task.WhenAll(questions.Select(question =>
            fixture.Inference.InferAsync(new InferenceRequest { ModelName = "m", Inputs = [question] }, InferenceFixture.Token).AsTask()));

        Assert.Contains(answers, static answer => answer.Timings.BatchRows > 3);
        for (int i = 0; i < questions.Length; i++)
        {
            Tensor[] expected = alone.Run([questions[i]], outputs, InferenceFixture.Token);
            for (int output = 0; output < expected.Length; output++)
            {
                AssertNear(expected[output], answers[i].Outputs[output]);
                expected[output].Dispose();
            }

            answers[i].Dispose();
        }
    }

    private static Tensor Question(Random random, TensorSignature input)
    {
        int rows = random.Next(1, 4);
        int width = (int)input.Shape[1];
        float[] values = [.. Enumerable.Range(0, rows * width).Select(_ => random.NextSingle() * 6)];
        return FakeModelDefinition.Floats(input.Name, new TensorShape(rows, width), values);
    }

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        Assert.Equal((expected.Name, expected.DataType, expected.Shape), (actual.Name, actual.DataType, actual.Shape));
        if (expected.DataType != TensorDataType.Float32)
        {
            Assert.True(expected.Data.Span.SequenceEqual(actual.Data.Span));
            return;
        }

        ReadOnlySpan<float> one = MemoryMarshal.Cast<byte, float>(expected.Data.Span);
        ReadOnlySpan<float> two = MemoryMarshal.Cast<byte, float>(actual.Data.Span);
        for (int i = 0; i < one.Length; i++)
        {
            // The tolerance of the conformance data: 1e-3 relative, 1e-5 absolute.
            Assert.InRange(two[i], one[i] - 1e-5f - (1e-3f * Math.Abs(one[i])), one[i] + 1e-5f + (1e-3f * Math.Abs(one[i])));
        }
    }
}
