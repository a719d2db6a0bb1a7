using Slipway.Core;
using Slipway.Protocols.Errors;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>States of a version as TensorFlow Serving names them; the numbers are those of its ModelVersionStatus.</summary>
internal enum ServingVersionState
{
    Unknown = 0,
    Start = 10,
    Loading = 20,
    Available = 30,
    Unloading = 40,
    End = 50,
}

/// <summary>Versions as TensorFlow Serving's status shows them.</summary>
internal static class ServingVersionStates
{
    /// <summary>The state of a version.</summary>
    public static ServingVersionState Of(VersionSnapshot version) => version.State switch
    {
        ServableState.Unknown => ServingVersionState.Start,
        ServableState.Loading or ServableState.Warming => ServingVersionState.Loading,
        ServableState.Ready => ServingVersionState.Available,
        ServableState.Draining => ServingVersionState.Unloading,
        _ => ServingVersionState.End,
    };

    /// <summary>OK, or what kept a version from being loaded.</summary>
    public static CanonicalCode CodeOf(VersionSnapshot version) => version.State == ServableState.Failed
        ? (version.Error ?? ErrorCode.Internal).ToCanonicalCode()
        : CanonicalCode.Ok;

    /// <summary>Why a version could not be loaded; empty otherwise.</summary>
    public static string MessageOf(VersionSnapshot version) => version.State == ServableState.Failed ? version.Reason ?? "" : "";

    /// <summary>
    /// The versions that a status request means, largest first. A version that the model's version policy leaves out and that was never loaded is not among them, as TensorFlow Serving does
    /// not know it: probes wait for every version that is shown.
    /// </summary>
    /// <param name="catalog">All models.</param>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">One version, or all of them.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>.</exception>
    public static IReadOnlyList<VersionSnapshot> Find(IModelCatalog catalog, string name, long? version)
    {
        VersionSnapshot[] shown = catalog.TryGetModel(name, out ModelSnapshot? model)
            ? [.. model.Versions.Where(static each => each.IsWanted || each.State != ServableState.Unknown)]
            : [];
        if (shown.Length == 0)
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"Could not find any versions of model {name}");
        }

        if (version is not { } number)
        {
            return shown;
        }

        VersionSnapshot[] found = [.. shown.Where(each => each.Version == number)];
        return found.Length > 0
            ? found
            : throw new SlipwayException(ErrorCode.VersionNotFound, $"Could not find version {number} of model {name}");
    }
}
