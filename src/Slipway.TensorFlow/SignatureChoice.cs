using Slipway.Core;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow;

/// <summary>Chooses the signature that a model is served by.</summary>
internal static class SignatureChoice
{
    /// <summary>Name of the signature that is meant when none is named.</summary>
    public const string Default = "serving_default";

    /// <summary>Signatures that can be called, in ordinal order.</summary>
    public static IReadOnlyList<SignatureDefinition> Callable(MetaGraph graph) =>
    [
        .. graph.Signatures.Values
            .Where(static signature => signature.Name != ModelInitializer.InitSignature && signature.Outputs.Count > 0)
            .OrderBy(static signature => signature.Name, StringComparer.Ordinal),
    ];

    /// <summary>The signature named, or <c>serving_default</c>, or the first by name.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> names those that there are.</exception>
    public static SignatureDefinition Choose(MetaGraph graph, string? name)
    {
        IReadOnlyList<SignatureDefinition> signatures = Callable(graph);
        SignatureDefinition? chosen = name is not null
            ? signatures.FirstOrDefault(signature => signature.Name == name)
            : signatures.FirstOrDefault(static signature => signature.Name == Default) ?? (signatures.Count > 0 ? signatures[0] : null);
        string names = signatures.Count == 0 ? "none" : string.Join(", ", signatures.Select(static signature => $"'{signature.Name}'"));
        return chosen ?? throw new SlipwayException(
            ErrorCode.NotSupported, $"the SavedModel has no signature '{name ?? Default}'; it has {names}");
    }
}
