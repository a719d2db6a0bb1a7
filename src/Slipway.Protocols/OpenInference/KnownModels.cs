using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>Looks for a model without loading it.</summary>
internal static class KnownModels
{
    /// <summary>The model of this name.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>.</exception>
    public static ModelSnapshot Find(this IModelCatalog catalog, string name) => catalog.TryGetModel(name, out ModelSnapshot? model)
        ? model
        : throw new SlipwayException(ErrorCode.ModelNotFound, $"Request for unknown model: '{name}' is not found");
}
