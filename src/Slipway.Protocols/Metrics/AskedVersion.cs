using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>Finds the version that a request which failed would have reached, so that its failure is counted under that version. Loads nothing.</summary>
internal static class AskedVersion
{
    /// <summary>
    /// The loaded version that <paramref name="version"/> of a model means now. Null when there is none that the caller may see, and for an endpoint, which chooses one of its arms for each request.
    /// </summary>
    /// <param name="catalog">All models.</param>
    /// <param name="model">The name that the request gave; empty when it could not be read.</param>
    /// <param name="version">Which version the request meant.</param>
    public static ServableInfo? Find(IModelCatalog catalog, string model, VersionSelector version)
    {
        if (model.Length == 0 || !TryGetModel(catalog, model, out ModelSnapshot? known))
        {
            return null;
        }

        long? number = version.Number;
        if (version.Label is { } label)
        {
            if (!known.Labels.TryGetValue(label, out long labelled))
            {
                return null;
            }

            number = labelled;
        }

        ServableInfo? largest = null;
        foreach (VersionSnapshot each in known.Versions)
        {
            if (each.Servable is not { } servable || servable.ModelName != known.Name)
            {
                continue;
            }

            if (each.Version == (number ?? known.Config.DefaultVersion))
            {
                return servable;
            }

            largest ??= servable;
        }

        return number is null ? largest : null;
    }

    // A catalogue shows a caller what it may see, and refuses the rest: what failed has its error already.
    private static bool TryGetModel(IModelCatalog catalog, string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        try
        {
            return catalog.TryGetModel(name, out model);
        }
        catch (SlipwayException)
        {
            model = null;
            return false;
        }
    }
}
