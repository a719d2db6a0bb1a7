using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>What the classes of an output are called.</summary>
internal static class ClassLabels
{
    /// <summary>Names of the classes in order: those the model's owner gave, else those in the model. Empty when unknown.</summary>
    public static IReadOnlyList<string> Of(string output, ServableInfo servable)
    {
        if (servable.Config.OutputLabels.TryGetValue(output, out IReadOnlyList<string>? labels))
        {
            return labels;
        }

        int index = servable.Signature.IndexOfOutput(output);
        return index < 0 ? [] : servable.Signature.Outputs[index].Labels;
    }
}
