using Slipway.Core;
using Slipway.Pipelines.Binding;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Tests;

/// <summary>Short ways to write pipelines in tests.</summary>
internal static class Pipelines
{
    public static TensorSignature Floats(string name, params long[] shape) => new(name, TensorDataType.Float32, new TensorShape(shape));

    public static StepDefinition Step(string name, StepBody body) => new() { Name = name, Body = body };

    public static ModelBody Model(string model, params (string Input, string From)[] inputs) =>
        new(model, VersionSelector.Default) { Inputs = inputs.ToDictionary(static pair => pair.Input, static pair => pair.From) };

    public static PipelineDefinition Of(IReadOnlyList<TensorSignature> inputs, IReadOnlyList<StepDefinition> steps, params (string Name, string From)[] outputs) => new()
    {
        Name = "p",
        Inputs = inputs,
        Steps = steps,
        Outputs = [.. outputs.Select(static output => new PipelineOutput(output.Name, output.From))],
    };

    public static IReadOnlyList<PipelineFault> Check(this PipelineDefinition pipeline, params (string Model, ModelSignature Signature)[] models) =>
        PipelineCheck.Find(pipeline, new Signatures(models.ToDictionary(static model => model.Model, static model => model.Signature)));

    private sealed class Signatures(Dictionary<string, ModelSignature> models) : IModelSignatures
    {
        public ModelFinding Find(string model, VersionSelector version) => models.TryGetValue(model, out ModelSignature? signature)
            ? new ModelFinding(new ServableInfo(model, 1, new string('a', 64), signature, ModelConfig.Default) { Platform = "test" }, null)
            : new ModelFinding(null, $"there is no model '{model}'");
    }
}
