namespace Slipway.Keras.Files;

/// <summary>Bounds of what a model file may hold.</summary>
internal static class KerasLimits
{
    /// <summary>Bytes of a file, and of the weights in an archive.</summary>
    public const long FileBytes = 2_000_000_000;

    /// <summary>Bytes of a configuration. Large models have a few hundred thousand.</summary>
    public const int ConfigBytes = 64 << 20;

    /// <summary>Levels of the configuration's JSON.</summary>
    public const int JsonDepth = 256;

    /// <summary>Entries of an archive.</summary>
    public const int ArchiveEntries = 10_000;

    /// <summary>Bytes of all vocabularies in an archive.</summary>
    public const int AssetBytes = 64 << 20;

    /// <summary>How much larger than the archive its weights may be, beyond <see cref="InflatedBase"/>; Keras stores them uncompressed.</summary>
    public const long InflatedPerByte = 4;

    /// <summary>Bytes that weights may have whatever the size of the archive.</summary>
    public const long InflatedBase = 64L << 20;
}
