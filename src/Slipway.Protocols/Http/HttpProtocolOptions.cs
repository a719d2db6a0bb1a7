namespace Slipway.Protocols.Http;

/// <summary>Bounds on what the HTTP protocols read. A request beyond one is refused with 413 before more of it is read.</summary>
public sealed class HttpProtocolOptions
{
    /// <summary>Largest JSON part of a body, and largest body of a raw tensor or CSV, in bytes. Default 64 MiB, as Triton's.</summary>
    public int MaxJsonBytes { get; set; } = 64 << 20;

    /// <summary>Largest body in all, binary tensors included, in bytes. Default 2 GiB less one.</summary>
    public long MaxBodyBytes { get; set; } = int.MaxValue;

    /// <summary>Largest body that came compressed, in bytes after decompression. Default 256 MiB: a few kilobytes can claim to be gigabytes.</summary>
    public long MaxDecompressedBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Bytes of bodies above 1 MiB that may be in memory at once, over all requests; further ones are refused as overloaded. Default 4 GiB.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 4L << 30;
}
