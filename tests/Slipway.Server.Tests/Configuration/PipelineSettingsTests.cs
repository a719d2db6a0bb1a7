using System.Text;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Configuration;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Configuration;

public sealed class PipelineSettingsTests
{
    private const string Fitting = """
        pipelines:
          p:
            inputs: { x: "FP32[-1, 2]", amount: { datatype: INT64, shape: [-1] } }
            timeout: 2s
            maxBytes: 16MiB
            steps:
              a: { model: scorer@champion, inputs: { x: x }, outputs: { p: probabilities }, timeout: 100ms, retry: { attempts: 3, delay: 5ms }, fallback: { constant: { p: { datatype: FP32, shape: [-1, 2], data: [0, 1] } } } }
              b: { rules: "decision = if p[1] > 0.8 and amount > 10 then 'review' else 'approve'", inputs: { p: a.p } }
              c: { switch: [ { when: amount > 5, model: big, inputs: { x: x }, outputs: [y] }, { model: small, inputs: { x: x }, outputs: [y] } ] }
              d: { cascade: [ { accept: "max(y) > 0.9", model: small, inputs: { x: x }, outputs: [y] }, { model: big, inputs: { x: x }, outputs: [y] } ] }
              e: { average: [a.p, x], weights: [2, 1] }
              f: { scale: x, minimum: [0, 0], maximum: [1, 2] }
              g: { lookup: amount, table: { 1: one }, otherwise: many }
            outputs: { decision: b.decision, y: c, mean: e, scaled: f, word: g, sure: d.y }
        """;

    [Fact]
    public void A_pipeline_is_read_whole()
    {
        PipelineDefinition pipeline = Assert.Single(Read(Fitting));
        Assert.Equal(("p", TimeSpan.FromSeconds(2), 16L << 20), (pipeline.Name, pipeline.Timeout!.Value, pipeline.MaxBytes));
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], pipeline.Steps.Select(static step => step.Name));
        Assert.Equal((3, TimeSpan.FromMilliseconds(5)), (pipeline.Steps[0].Attempts, pipeline.Steps[0].RetryDelay));
        Assert.IsType<ConstantBody>(pipeline.Steps[0].Fallback);
        Assert.NotEmpty(pipeline.Text);
    }

    [Theory]
    [InlineData("steps: { a: { modle: m } }", "pipelines.p.steps.a", "did you mean 'model'?")]
    [InlineData("steps: { a: { model: m, inputs: { x: x }, timeuot: 1s } }", "pipelines.p.steps.a.timeuot", "did you mean 'timeout'?")]
    [InlineData("steps: { a: { model: m, rules: 'b = 1' } }", "pipelines.p.steps.a", "a step does one thing")]
    [InlineData("steps: { a: { model: m, inputs: { x: b } }, b: { model: m, inputs: { x: a } } }", "pipelines.p.steps.", "cycle")]
    [InlineData("steps: { a: { model: m, inputs: { x: nobody } } }", "pipelines.p.steps.a.inputs.x", "there is no step or input 'nobody'")]
    [InlineData("steps: { a: { rules: 'b = sum(1 for i in 0..amount)' } }", "pipelines.p.steps.a.rules", "unbounded")]
    [InlineData("steps: { a: { rules: 'b = while true' } }", "pipelines.p.steps.a.rules", "unbounded")]
    [InlineData("steps: { a: { rules: 'b = amount + \"c\"' } }", "pipelines.p.steps.a.rules", "line 1, column 12: '+' takes numbers, not a text")]
    [InlineData("steps: { a: { rules: 'b = x[2]' } }", "pipelines.p.steps.a.rules", "index 2 lies outside")]
    [InlineData("steps: { a: { switch: [ { when: amount, constant: { y: { datatype: INT64, data: 1 } } }, { constant: { y: { datatype: INT64, data: 2 } } } ] } }", "pipelines.p.steps.a.switch[0].when", "true or false")]
    [InlineData("steps: { a: { switch: [ { constant: { y: { datatype: INT64, data: 1 } } }, { constant: { y: { datatype: INT64, data: 2 } } } ] } }", "pipelines.p.steps.a.switch[0]", "'when' is expected")]
    [InlineData("steps: { a: { switch: [ { when: 'true', constant: { y: { datatype: INT64, data: 1 } } }, { constant: { z: { datatype: INT64, data: 2 } } } ] } }", "pipelines.p.steps.a.switch[1]", "same outputs")]
    [InlineData("steps: { a: { switch: [ { when: 'true', constant: { y: { datatype: INT64, data: 1 } } }, { constant: { y: { datatype: FP32, data: 2 } } } ] } }", "pipelines.p.steps.a.switch[1]", "INT64 is expected, and FP32 is given")]
    [InlineData("steps: { a: { concat: [x, amount] } }", "pipelines.p.steps.a.concat", "FP32 and INT64")]
    [InlineData("steps: { a: { select: x, columns: [7] } }", "pipelines.p.steps.a.select", "column 7 lies outside")]
    [InlineData("steps: { a: { cast: x, to: FP31 } }", "pipelines.p.steps.a.to", "a datatype is expected")]
    [InlineData("steps: { a: { cast: x } }", "pipelines.p.steps.a.cast", "'to' is expected")]
    [InlineData("steps: { a: { argMax: x } }, inputs: { x: FP32 }", "pipelines.p.inputs.x", "as in 'FP32[-1, 4]'")]
    [InlineData("steps: { x: { argMax: amount } }", "pipelines.p.steps.x", "has this name")]
    [InlineData("steps: { a: { argMax: x } }, outputs: { y: a.z }", "pipelines.p.outputs.y", "no output 'z'")]
    [InlineData("steps: { a: { argMax: x } }, outputs: {}", "pipelines.p.outputs", "1 to 1024 outputs")]
    [InlineData("steps: { a: { model: p, inputs: { x: x } } }", "pipelines.p", "cycle")]
    public void A_wrong_pipeline_is_refused_by_its_key(string pipeline, string key, string message)
    {
        string inputs = pipeline.Contains("inputs: { x: FP32 }", StringComparison.Ordinal) ? "" : ", inputs: { x: 'FP32[-1, 2]', amount: 'INT64[-1]' }";
        string outputs = pipeline.Contains("outputs: {", StringComparison.Ordinal) ? "" : ", outputs: { out: x }";
        SlipwayException failure = Assert.Throws<SlipwayException>(() => Read($"pipelines: {{ p: {{ {pipeline}{inputs}{outputs} }} }}"));
        Assert.Equal(ErrorCode.InvalidConfiguration, failure.Code);
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_digest_of_a_definition_does_not_depend_on_its_layout() => Assert.Equal(
        Assert.Single(Read("pipelines: { p: { inputs: { x: 'FP32[-1]' }, steps: { a: { threshold: x, above: 1 } }, outputs: { y: a } } }")).Text,
        Assert.Single(Read("# a comment\npipelines:\n  p:\n    inputs:\n      x: \"FP32[-1]\"\n    steps:\n      a: { threshold: x, above: 1 }\n    outputs:\n      y: a\n")).Text);

    private static IReadOnlyList<PipelineDefinition> Read(string text)
    {
        using TemporaryFolder folder = new();
        folder.Write("slipway.yaml", Encoding.UTF8.GetBytes(text));
        return ServerConfiguration.Read(Path.Combine(folder.Root, "slipway.yaml"), []).Pipelines;
    }
}
