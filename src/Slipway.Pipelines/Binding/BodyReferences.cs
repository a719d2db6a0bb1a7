using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>What the bodies of steps read, as they write it.</summary>
internal static class BodyReferences
{
    /// <summary>Every reference of a body with the key it stands under, relative to the body.</summary>
    public static IEnumerable<(string Key, string Reference)> Of(StepBody body) => body switch
    {
        ModelBody model => model.Inputs.Select(static pair => ($"inputs.{pair.Key}", pair.Value)),
        ConstantBody => [],
        _ => throw new InvalidOperationException($"no references are known for {body.GetType().Name}"),
    };
}
