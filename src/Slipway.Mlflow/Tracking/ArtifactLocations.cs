using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Where an experiment's artifacts may be kept.</summary>
internal static class ArtifactLocations
{
    private const int MaxLength = 2048;

    /// <summary>The location that a caller gives; null when none. A location outside this server is only noted: it is the clients that read and write there.</summary>
    /// <exception cref="MlflowException">It is local, refers to a run, or leaves its folder.</exception>
    public static string? CheckGiven(string? location)
    {
        if (string.IsNullOrEmpty(location))
        {
            return null;
        }

        MlflowLimits.CheckLength("Artifact location", location, MaxLength);
        return ArtifactUri.Parse(location).Kind switch
        {
            ArtifactUriKind.Proxied or ArtifactUriKind.ObjectStore => location,
            _ => throw MlflowException.Invalid(
                $"Artifact location must be an mlflow-artifacts or object store URI without relative parts, but got: {location}"),
        };
    }
}
