namespace Slipway.Server.Registry;

/// <summary>Bounds on what is taken into the registry.</summary>
/// <param name="MaxBlobBytes">Most bytes of one file.</param>
internal sealed record RegistryLimits(long MaxBlobBytes)
{
    /// <summary>Most bytes of a request body that is not content: a manifest of many files.</summary>
    public const long MaxJsonBytes = 32L << 20;
}
