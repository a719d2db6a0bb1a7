using Slipway.Core;

namespace Slipway.Security.Limits;

/// <summary>Counts the rows of requests.</summary>
internal sealed class RowCounter(IModelCatalog catalog)
{
    /// <summary>The first dimension of the first input, where the model leaves it open or is not known; else one.</summary>
    public long Count(InferenceRequest request)
    {
        if (request.Inputs.Count == 0 || request.Inputs[0].Shape.Dimensions is not [var first, ..])
        {
            return 1;
        }

        return IsFixed(request.ModelName, request.Inputs[0].Name) ? 1 : first;
    }

    private bool IsFixed(string model, string input)
    {
        if (!catalog.TryGetModel(model, out ModelSnapshot? known))
        {
            return false;
        }

        foreach (VersionSnapshot version in known.Versions)
        {
            if (version.Servable?.Signature.Inputs.FirstOrDefault(tensor => tensor.Name == input) is { } signature)
            {
                return signature.Shape.Dimensions is not [< 0, ..];
            }
        }

        return false;
    }
}
