using Slipway.Core;

namespace Slipway.Pipelines.Binding;

/// <summary>Whether one body can stand in for another. Pure.</summary>
internal static class OutputFit
{
    /// <summary>Why <paramref name="others"/> can't stand in for <paramref name="outputs"/>; null when they can. Their order may be another only if it is the same.</summary>
    public static string? Problem(IReadOnlyList<TensorSignature> outputs, IReadOnlyList<TensorSignature> others)
    {
        if (outputs.Count != others.Count || outputs.Where((output, index) => output.Name != others[index].Name).Any())
        {
            return $"the outputs {Names(outputs)} are expected in this order, and {Names(others)} are given";
        }

        for (int i = 0; i < outputs.Count; i++)
        {
            if (TypeFit.Problem(others[i], outputs[i]) is { } problem)
            {
                return $"output '{outputs[i].Name}': {problem}";
            }
        }

        return null;
    }

    private static string Names(IReadOnlyList<TensorSignature> outputs) => string.Join(", ", outputs.Select(static output => $"'{output.Name}'"));
}
