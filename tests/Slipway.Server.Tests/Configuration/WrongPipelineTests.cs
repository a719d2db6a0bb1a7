using Slipway.Inference.Configuration;
using Slipway.Server.Configuration;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Configuration;

/// <summary>Everything that can be wrong with pipelines, and with endpoints and experiments around them, is found when the file is read, under the very key that is wrong.</summary>
public sealed class WrongPipelineTests
{
    private const string Constants = "constant: { y: { datatype: FP32, shape: [-1, 2], data: [0, 1] } }";

    private static readonly ConfigNode Inputs = Parse("{ x: 'FP32[-1, 2]', n: 'INT64[-1]', t: 'BYTES[-1]' }");
    private static readonly ConfigNode Outputs = Parse("{ out: x }");

    [Fact]
    public void The_file_that_the_others_are_made_of_is_right() => Assert.Empty(KeysOf(Pipeline("steps: { a: { model: m, inputs: { x: x } } }")));

    [Theory]

    // Times.
    [InlineData("timeout: 0s, steps: { a: { argMax: x } }", "pipelines.p.timeout")]
    [InlineData("timeout: -1s, steps: { a: { argMax: x } }", "pipelines.p.timeout")]
    [InlineData("timeout: 1s, steps: { a: { argMax: x, timeout: 0ms } }", "pipelines.p.steps.a.timeout")]
    [InlineData("timeout: 1s, steps: { a: { argMax: x, timeout: 2s } }", "pipelines.p.steps.a.timeout")]
    [InlineData("timeout: 1s, steps: { a: { argMax: x, timeout: soon } }", "pipelines.p.steps.a.timeout")]
    [InlineData("timeout: 1s, steps: { a: { argMax: x, retry: { attempts: 2, delay: 1s } } }", "pipelines.p.steps.a.retry.delay")]
    [InlineData("steps: { a: { argMax: x, retry: { attempts: 0 } } }", "pipelines.p.steps.a.retry.attempts")]
    [InlineData("steps: { a: { argMax: x, retry: { attempts: 11 } } }", "pipelines.p.steps.a.retry.attempts")]
    [InlineData("steps: { a: { argMax: x, retry: { tries: 2 } } }", "pipelines.p.steps.a.retry.tries")]
    [InlineData("steps: { a: { argMax: x, retry: 3 } }", "pipelines.p.steps.a.retry")]

    // Limits.
    [InlineData("maxBytes: 0, steps: { a: { argMax: x } }", "pipelines.p.maxBytes")]
    [InlineData("maxBytes: plenty, steps: { a: { argMax: x } }", "pipelines.p.maxBytes")]
    [InlineData("maxConcurrentRequests: 0, steps: { a: { argMax: x } }", "pipelines.p.maxConcurrentRequests")]

    // Names.
    [InlineData("steps: { 2a: { argMax: x } }", "pipelines.p.steps.2a")]
    [InlineData("steps: { x: { argMax: n } }", "pipelines.p.steps.x")]
    [InlineData("steps: {}", "pipelines.p.steps")]
    [InlineData("stepps: { a: { argMax: x } }, steps: { a: { argMax: x } }", "pipelines.p.stepps")]
    [InlineData("steps: { a: { argMax: x } }, outputs: [a, a]", "pipelines.p.outputs.a")]
    [InlineData("steps: { a: { argMax: x } }, outputs: { y: b }", "pipelines.p.outputs.y")]
    [InlineData("steps: { a: { argMax: x } }, outputs: { y: a.z }", "pipelines.p.outputs.y")]
    [InlineData("steps: { a: { argMax: x } }, outputs: 7", "pipelines.p.outputs")]
    [InlineData("steps: { a: { model: m, inputs: { x: x }, outputs: [y, y] } }", "pipelines.p.steps.a.outputs")]
    [InlineData("steps: { a: { model: m, inputs: { x: x }, outputs: { y: z, w: z } } }", "pipelines.p.steps.a.outputs")]
    [InlineData("steps: { a: { model: 'm:one', inputs: { x: x } } }", "pipelines.p.steps.a.model")]
    [InlineData("steps: { a: { model: m, inputs: { x: nobody } } }", "pipelines.p.steps.a.inputs.x")]
    [InlineData("steps: { a: { model: m, inputs: { x: [x] } } }", "pipelines.p.steps.a.inputs.x")]

    // What a step does.
    [InlineData("steps: { a: {} }", "pipelines.p.steps.a")]
    [InlineData("steps: { a: { argMax: x, topK: x } }", "pipelines.p.steps.a")]
    [InlineData("steps: { a: { argMax: x, k: 2 } }", "pipelines.p.steps.a.k")]
    [InlineData("steps: { a: { model: m, inputs: { x: x }, fallback: {} } }", "pipelines.p.steps.a.fallback")]
    [InlineData("steps: { a: { argMax: x, fallback: { constant: { y: { datatype: INT64, data: 1 } } } } }", "pipelines.p.steps.a.fallback")]
    [InlineData("steps: { a: { model: m, inputs: { x: b } }, b: { model: m, inputs: { x: a } } }", "pipelines.p.steps.a")]

    // Types and shapes.
    [InlineData("steps: { a: { argMax: x } }, inputs: { x: 'FP33[-1]' }", "pipelines.p.inputs.x")]
    [InlineData("steps: { a: { argMax: x } }, inputs: { x: 'FP32[-2]' }", "pipelines.p.inputs.x")]
    [InlineData("steps: { a: { argMax: x } }, inputs: { x: { shape: [-1] } }", "pipelines.p.inputs.x")]
    [InlineData("steps: { a: { " + Constants + " } }, inputs: {}, outputs: { y: a.y }", "pipelines.p.inputs")]
    [InlineData("steps: { a: { argMax: t } }", "pipelines.p.steps.a.argMax")]
    [InlineData("steps: { a: { concat: [x, n] } }", "pipelines.p.steps.a.concat")]
    [InlineData("steps: { a: { concat: [] } }", "pipelines.p.steps.a.concat")]
    [InlineData("steps: { a: { average: [x, n], weights: [1, 1] } }", "pipelines.p.steps.a.average")]
    [InlineData("steps: { a: { average: [x, x], weights: [1, 0] } }", "pipelines.p.steps.a.average")]
    [InlineData("steps: { a: { average: [x, x], weights: [1] } }", "pipelines.p.steps.a.average")]
    [InlineData("steps: { a: { vote: [t, n] } }", "pipelines.p.steps.a.vote")]
    [InlineData("steps: { a: { select: x, columns: [2] } }", "pipelines.p.steps.a.select")]
    [InlineData("steps: { a: { select: x, columns: [-1] } }", "pipelines.p.steps.a.columns[0]")]
    [InlineData("steps: { a: { select: x } }", "pipelines.p.steps.a.select")]
    [InlineData("steps: { a: { reshape: x, shape: [-1, -1] } }", "pipelines.p.steps.a.reshape")]
    [InlineData("steps: { a: { scale: x, deviation: 0 } }", "pipelines.p.steps.a.scale")]
    [InlineData("steps: { a: { scale: x, mean: [1, 2, 3], deviation: [1, 1, 1] } }", "pipelines.p.steps.a.scale")]
    [InlineData("steps: { a: { scale: x, minimum: [1, 1], maximum: [1, 2] } }", "pipelines.p.steps.a.scale")]
    [InlineData("steps: { a: { topK: x, k: 3 } }", "pipelines.p.steps.a.topK")]
    [InlineData("steps: { a: { topK: x, k: 0 } }", "pipelines.p.steps.a.k")]
    [InlineData("steps: { a: { oneHot: t, categories: [] } }", "pipelines.p.steps.a.oneHot")]
    [InlineData("steps: { a: { oneHot: t, categories: [a, a] } }", "pipelines.p.steps.a.oneHot")]
    [InlineData("steps: { a: { lookup: t, table: { a: b }, to: INT64 } }", "pipelines.p.steps.a.lookup")]
    [InlineData("steps: { a: { lookup: x, table: { a: b } } }", "pipelines.p.steps.a.lookup")]
    [InlineData("steps: { a: { resize: x, height: 4, width: 4 } }", "pipelines.p.steps.a.resize")]
    [InlineData("steps: { a: { resize: x, height: 4 } }", "pipelines.p.steps.a.resize")]
    [InlineData("steps: { a: { decodeImage: x } }", "pipelines.p.steps.a.decodeImage")]
    [InlineData("steps: { a: { decodeImage: t, fit: crop } }", "pipelines.p.steps.a.decodeImage")]
    [InlineData("steps: { a: { decodeImage: t, channels: 2 } }", "pipelines.p.steps.a.decodeImage")]
    [InlineData("steps: { a: { decodeImage: t, height: 4, width: 4, fit: cover } }", "pipelines.p.steps.a.fit")]
    [InlineData("steps: { a: { decodeImage: t, height: 4, width: 4, shorterSide: 8 } }", "pipelines.p.steps.a.decodeImage")]
    [InlineData("steps: { a: { decodeImage: t, maxPixels: 0 } }", "pipelines.p.steps.a.maxPixels")]
    [InlineData("steps: { a: { constant: { y: { datatype: FP32, shape: [-1, 2], data: [1] } } } }", "pipelines.p.steps.a.constant.y")]
    [InlineData("steps: { a: { constant: {} } }", "pipelines.p.steps.a.constant")]

    // Branches.
    [InlineData("steps: { a: { switch: [ { " + Constants + " } ] } }", "pipelines.p.steps.a.switch")]
    [InlineData("steps: { a: { switch: [ { when: 'n > 1', " + Constants + " }, { when: 'n > 2', " + Constants + " } ] } }", "pipelines.p.steps.a.switch[1]")]
    [InlineData("steps: { a: { switch: [ { when: 'n + 1', " + Constants + " }, { " + Constants + " } ] } }", "pipelines.p.steps.a.switch[0].when")]
    [InlineData("steps: { a: { switch: [ { when: 'm > 1', " + Constants + " }, { " + Constants + " } ] } }", "pipelines.p.steps.a.switch[0].when")]
    [InlineData("steps: { a: { switch: [ { when: 'n > 1', " + Constants + " }, { argMax: x } ] } }", "pipelines.p.steps.a.switch[1]")]
    [InlineData("steps: { a: { cascade: [ { " + Constants + " }, { " + Constants + " } ] } }", "pipelines.p.steps.a.cascade[0]")]
    [InlineData("steps: { a: { cascade: [ { accept: y, " + Constants + " }, { " + Constants + " } ] } }", "pipelines.p.steps.a.cascade[0].accept")]

    // Rules.
    [InlineData("steps: { a: { rules: 'b = sum(1 for i in 0..n)' } }", "pipelines.p.steps.a.rules")]
    [InlineData("steps: { a: { rules: 'b = sum(1 for i in 0..100000)' } }", "pipelines.p.steps.a.rules")]
    [InlineData("steps: { a: { rules: 'b = b + 1' } }", "pipelines.p.steps.a.rules")]
    [InlineData("steps: { a: { rules: 'b = n and n' } }", "pipelines.p.steps.a.rules")]
    [InlineData("steps: { a: { rules: 'b = c' } }", "pipelines.p.steps.a.rules")]
    [InlineData("steps: { a: { rules: '' } }", "pipelines.p.steps.a.rules")]
    [InlineData("steps: { a: { rules: 'b = c', inputs: { c: nobody } } }", "pipelines.p.steps.a.rules")]

    // Other servers.
    [InlineData("steps: { a: { upstream: 'ftp://far', name: m, inputs: { x: x }, outputs: { y: 'FP32[-1]' } } }", "pipelines.p.steps.a.upstream")]
    [InlineData("steps: { a: { upstream: 'http://far', inputs: { x: x }, outputs: { y: 'FP32[-1]' } } }", "pipelines.p.steps.a.upstream")]
    [InlineData("steps: { a: { upstream: 'http://far', name: m, inputs: { x: x } } }", "pipelines.p.steps.a.outputs")]
    [InlineData("steps: { a: { upstream: 'http://far', name: m, inputs: { x: x }, outputs: { y: 'BF16[-1]' } } }", "pipelines.p.steps.a.outputs.y")]
    [InlineData("steps: { a: { upstream: 'http://far', name: m, protocol: v3, inputs: { x: x }, outputs: { y: 'FP32[-1]' } } }", "pipelines.p.steps.a.protocol")]
    public void A_wrong_pipeline_is_refused_by_its_very_key(string pipeline, string key) => Assert.Equal([key], KeysOf(Pipeline(pipeline)));

    [Theory]
    [InlineData("endpoints: { e: { arms: { a: { model: m, weight: 60 }, b: { model: m, weight: 50 } } } }", "endpoints.e.arms")]
    [InlineData("endpoints: { e: { arms: { a: { pipeline: nobody } } } }", "endpoints.e.arms.a.pipeline")]
    [InlineData("endpoints: { e: { arms: { a: { pipeline: p, model: m } } } }", "endpoints.e.arms.a")]
    [InlineData("endpoints: { e: { arms: { a: { weight: 100 } } } }", "endpoints.e.arms.a")]
    [InlineData("endpoints: { e: { arms: { a: m } } }\nexperiments: { t: { endpoint: e, metrics: { r: { kind: sum } }, primary: r, minimalEffect: 0.1 } }", "experiments.t.metrics.r.kind")]
    public void Wrong_endpoints_and_experiments_are_refused_by_their_key(string configuration, string key) =>
        Assert.Contains(key, KeysOf($"{configuration}\n{Pipeline("steps: { a: { model: m, inputs: { x: x } } }")}"));

    [Theory]
    [InlineData("arms: { a: { pipeline: p } }", "model: e")]
    [InlineData("arms: { a: p }", "model: e")]
    [InlineData("arms: { a: { model: m, weight: 100 }, b: { model: p, weight: 0 } }", "model: 'e@b'")]
    [InlineData("arms: { a: m }, shadows: { s: { model: p } }", "model: e")]
    public void A_ring_of_an_endpoint_and_a_pipeline_is_refused_by_the_step_that_closes_it(string arms, string step) =>
        Assert.Equal(["pipelines.p.steps.a.model"], KeysOf($"endpoints: {{ e: {{ {arms} }} }}\n{Pipeline($"steps: {{ a: {{ {step}, inputs: {{ x: x }} }} }}")}"));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => Assert.Equal(
        ["pipelines.p.steps.a.timeout", "endpoints.e.arms.a.pipeline"],
        KeysOf($"endpoints: {{ e: {{ arms: {{ a: {{ pipeline: q }} }} }} }}\n{Pipeline("timeout: 1s, steps: { a: { argMax: x, timeout: 2s } }")}"));

    [Fact]
    public void A_key_that_stands_twice_is_refused() => Assert.False(YamlText.TryParse(Pipeline("steps: { a: { argMax: x }, a: { argMax: x } }"), out _, out _));

    private static string Pipeline(string parts) => $"pipelines: {{ p: {{ {parts} }} }}";

    // Inputs and outputs are there unless they are what is wrong.
    private static IReadOnlyList<string> KeysOf(string yaml)
    {
        ConfigNode document = Parse(yaml);
        ConfigNode pipeline = document.Find("pipelines")!.Find("p")!;
        document = pipeline.Find("inputs") is null ? document.With(["pipelines", "p", "inputs"], Inputs) : document;
        document = pipeline.Find("outputs") is null ? document.With(["pipelines", "p", "outputs"], Outputs) : document;
        ConfigReader reader = new();
        SettingsReader.Read(reader, document, new ServerOptions());
        return [.. reader.Problems.Select(static one => one.Key)];
    }

    private static ConfigNode Parse(string yaml) =>
        YamlText.TryParse(yaml, out ConfigNode? document, out ConfigProblem? problem) ? document : throw new InvalidOperationException(problem.ToString());
}
