namespace Slipway.Formats.Compression;

/// <summary>How a file is compressed as a whole, known by its first bytes.</summary>
internal enum CompressionKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A zlib stream (RFC 1950).</summary>
    Zlib,

    /// <summary>gzip (RFC 1952), one member or several.</summary>
    Gzip,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>xz.</summary>
    Xz,

    /// <summary>LZMA alone.</summary>
    Lzma,

    /// <summary>An LZ4 frame.</summary>
    Lz4,
}
