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
        TransformBody transform => transform.From.Select(from => (transform.Kind, from)),
        UpstreamBody upstream => upstream.Inputs.Select(static pair => ($"inputs.{pair.Key}", pair.Value)),
        RulesBody rules => RulesBinder.NamesOf(rules).Select(static name => ("rules", name)),
        SwitchBody choice => choice.Cases.SelectMany(static (one, place) => RulesBinder.NamesOf(one.When).Select(name => ($"switch[{place}].when", name))
                .Concat(Within($"switch[{place}]", one.Body)))
            .Concat(Within($"switch[{choice.Cases.Count}]", choice.Otherwise)),

        // A condition may read what its stage gave, which is nobody else's: what it means is found with the types.
        CascadeBody cascade => cascade.Stages.SelectMany(static (stage, place) => Within($"cascade[{place}]", stage.Body))
            .Concat(Within($"cascade[{cascade.Stages.Count}]", cascade.Last)),
        _ => throw new InvalidOperationException($"no references are known for {body.GetType().Name}"),
    };

    /// <summary>Names that the conditions of a body may read; those that mean nothing outside of it are its own.</summary>
    public static IEnumerable<string> MayRead(StepBody body) => body switch
    {
        CascadeBody cascade => cascade.Stages.SelectMany(static stage => RulesBinder.NamesOf(stage.Accept).Concat(MayRead(stage.Body))).Concat(MayRead(cascade.Last)),
        SwitchBody choice => choice.Cases.SelectMany(static one => MayRead(one.Body)).Concat(MayRead(choice.Otherwise)),
        _ => [],
    };

    private static IEnumerable<(string Key, string Reference)> Within(string key, StepBody body) => Of(body).Select(one => ($"{key}.{one.Key}", one.Reference));
}
