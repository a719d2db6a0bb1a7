namespace Slipway.Trust;

/// <summary>Bounds of what is read from strangers.</summary>
internal static class TrustLimits
{
    /// <summary>Largest signature bundle, in bytes: one of 10,000 files takes some 3 MiB.</summary>
    public const int MaxBundleBytes = 32 << 20;

    /// <summary>Largest key or certificate file, in bytes.</summary>
    public const int MaxPemBytes = 1 << 20;

    /// <summary>Most resources in a manifest; shards of large files count each.</summary>
    public const int MaxResources = 200_000;

    /// <summary>Longest name of a file in a manifest, in characters.</summary>
    public const int MaxNameLength = 4096;

    /// <summary>Most certificates in a chain.</summary>
    public const int MaxCertificates = 16;

    /// <summary>Deepest JSON.</summary>
    public const int MaxJsonDepth = 32;
}
