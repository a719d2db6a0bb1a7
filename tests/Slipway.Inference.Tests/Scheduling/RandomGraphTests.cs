using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.OnnxRuntime;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Whatever the graph does, and however large its values, answers are those of the engine alone: rows that look at each other are never run together.</summary>
public sealed class RandomGraphTests
{
    private const int Graphs = 40;
    private const int RequestsPerGraph = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Answers_to_random_graphs_are_those_of_the_engine_alone(int seed)
    {
        Random random = new(seed);
        RandomGraph[] graphs = [.. Enumerable.Range(0, Graphs).Select(_ => new RandomGraph(random))];
        Dictionary<string, byte[]> models = graphs.Index().ToDictionary(static graph => Name(graph.Index), static graph => graph.Item.Build());
        await using InferenceFixture fixture = new(BytesPreparer.Services(models));
        for (int i = 0; i < Graphs; i++)
        {
            BatchingConfig batching = new() { MaxBatchSize = 8, MaxQueueDelay = TimeSpan.FromMilliseconds(1), AllowedBatchSizes = i % 3 == 0 ? [4, 8] : [] };
            fixture.Source.With(Name(i), new ModelConfig { Instances = 1, Batching = batching }, (1, Name(i)));
        }

        await fixture.StartAsync();
        foreach ((int index, RandomGraph graph) in graphs.Index().Where(static graph => graph.Item.AreRowsIndependent))
        {
            Assert.True((await fixture.Catalog.GetServableAsync(Name(index), default, InferenceFixture.Token)).Signature.IsBatchable, $"seed {seed}, graph {index}: {string.Join(", ", graph.Steps)}");
        }

        int batched = 0;
        List<string> wrong = [];
        for (int i = 0; i < Graphs; i++)
        {
            using PreparedModel prepared = BytesPreparer.Prepare(models[Name(i)]);
            using ILoadedModel alone = await fixture.Get<OnnxModelRuntime>().LoadAsync(prepared, new EngineConfig(), InferenceFixture.Token);
            Tensor[] questions = [.. Enumerable.Range(0, RequestsPerGraph).Select(_ => Question(random, graphs[i].Width))];

            InferenceResponse[] answers = await Task.WhenAll(questions.Select(question =>
                fixture.Inference.InferAsync(new InferenceRequest { ModelName = Name(i), Inputs = [question] }, InferenceFixture.Token).AsTask()));

            for (int j = 0; j < questions.Length; j++)
            {
                Tensor[] expected = alone.Run([questions[j]], [.. Enumerable.Range(0, alone.Signature.Outputs.Count)], InferenceFixture.Token);
                if (!expected.Zip(answers[j].Outputs).All(static pair => Near(pair.First, pair.Second)))
                {
                    wrong.Add($"seed {seed}, graph {i}: {string.Join(", ", graphs[i].Steps)}");
                }

                batched += answers[j].Timings.BatchRows > questions[j].Shape[0] ? 1 : 0;
                Array.ForEach(expected, static output => output.Dispose());
                answers[j].Dispose();
            }
        }

        Assert.True(batched > 0, "nothing was run together: the test shows nothing");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Distinct()));
    }

    private static string Name(int graph) => $"g{graph}";

    // Requests of one model differ by orders of magnitude, as those of strangers may.
    private static Tensor Question(Random random, int width)
    {
        int rows = random.Next(1, 4);
        float scale = MathF.Pow(10, random.Next(-2, 4));
        return FakeModelDefinition.Floats(
            "x", new TensorShape(rows, width), [.. Enumerable.Range(0, rows * width).Select(_ => ((random.NextSingle() * 2) - 1) * scale)]);
    }

    private static bool Near(Tensor expected, Tensor actual)
    {
        if ((expected.Name, expected.DataType, expected.Shape) != (actual.Name, actual.DataType, actual.Shape))
        {
            return false;
        }

        ReadOnlySpan<float> one = MemoryMarshal.Cast<byte, float>(expected.Data.Span);
        ReadOnlySpan<float> two = MemoryMarshal.Cast<byte, float>(actual.Data.Span);
        float largest = 0;
        foreach (float value in one)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        for (int i = 0; i < one.Length; i++)
        {
            // Another order of summation changes the last digits of the largest terms.
            if (!one[i].Equals(two[i]) && !(MathF.Abs(one[i] - two[i]) <= 1e-6f + (1e-5f * largest)))
            {
                return false;
            }
        }

        return true;
    }
}
