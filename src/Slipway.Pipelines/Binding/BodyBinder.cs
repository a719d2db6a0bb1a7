using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks the body of a step, whatever its kind.</summary>
internal static class BodyBinder
{
    /// <summary>What the step does; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    /// <param name="scope">What is known.</param>
    /// <param name="body">The body.</param>
    /// <param name="key">Its key.</param>
    /// <param name="read">The outputs that others read; null: all that it gives by default.</param>
    public static StepAction? Bind(BindScope scope, StepBody body, string key, IReadOnlyCollection<string>? read) => body switch
    {
        ModelBody model => ModelBinder.Bind(scope, model, key, read),
        ConstantBody constant => new ConstantAction(constant.Outputs),
        TransformBody transform => TransformBinder.Bind(scope, transform, key),
        UpstreamBody upstream => UpstreamBinder.Bind(scope, upstream, key),
        RulesBody rules => RulesBinder.Bind(scope, rules, key),
        SwitchBody choice => BranchBinder.Bind(scope, choice, key, read),
        CascadeBody cascade => BranchBinder.Bind(scope, cascade, key, read),
        _ => throw new InvalidOperationException($"{body.GetType().Name} can't be bound"),
    };
}
