using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>How messages of a call are compressed.</summary>
internal enum GrpcEncoding : byte
{
    /// <summary>Not at all.</summary>
    Identity = 0,

    /// <summary>RFC 1952.</summary>
    Gzip = 1,

    /// <summary>RFC 1950: the format of zlib, which HTTP and gRPC call deflate.</summary>
    Deflate = 2,
}

/// <summary>Names and streams of <see cref="GrpcEncoding"/>.</summary>
internal static class GrpcEncodings
{
    /// <summary>What this server reads, for <c>grpc-accept-encoding</c>.</summary>
    public const string Accepted = "identity,gzip,deflate";

    /// <summary>Reads a <c>grpc-encoding</c> header; absent is identity.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for one that is not known.</exception>
    public static GrpcEncoding Parse(string? name) => name switch
    {
        null or "" or "identity" => GrpcEncoding.Identity,
        "gzip" => GrpcEncoding.Gzip,
        "deflate" => GrpcEncoding.Deflate,
        _ => throw new SlipwayException(ErrorCode.NotSupported, "grpc-encoding is not supported; supported are identity, gzip, deflate"),
    };

    /// <summary>Name on the wire.</summary>
    public static string ToName(this GrpcEncoding encoding) => encoding switch
    {
        GrpcEncoding.Gzip => "gzip",
        GrpcEncoding.Deflate => "deflate",
        _ => "identity",
    };

    /// <summary>Whether a <c>grpc-accept-encoding</c> header, a list, names <paramref name="encoding"/>.</summary>
    public static bool IsAccepted(string? header, GrpcEncoding encoding)
    {
        if (header is null)
        {
            return false;
        }

        string name = encoding.ToName();
        foreach (Range part in header.AsSpan().Split(','))
        {
            if (header.AsSpan(part).Trim().SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A stream that decompresses <paramref name="source"/>.</summary>
    public static Stream Decompress(this GrpcEncoding encoding, Stream source) => encoding == GrpcEncoding.Gzip
        ? new GZipStream(source, CompressionMode.Decompress)
        : new ZLibStream(source, CompressionMode.Decompress);

    /// <summary>A stream that compresses into <paramref name="target"/>, which it leaves open.</summary>
    public static Stream Compress(this GrpcEncoding encoding, Stream target) => encoding == GrpcEncoding.Gzip
        ? new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)
        : new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true);
}
