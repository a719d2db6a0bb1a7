using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>Compression of bodies. <c>deflate</c> means the zlib format (RFC 1950), as RFC 9110 says and the clients do.</summary>
internal enum ContentCoding
{
    /// <summary>None.</summary>
    Identity,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>zlib (RFC 1950).</summary>
    Deflate,
}

/// <summary>Chooses and applies content codings.</summary>
internal static class ContentCodings
{
    /// <summary>What a request's body is compressed with.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for any other coding; the answer then names those there are.</exception>
    public static ContentCoding OfRequest(HttpContext context)
    {
        StringValues values = context.Request.Headers.ContentEncoding;
        if (values.Count == 0)
        {
            return ContentCoding.Identity;
        }

        string value = values.ToString().Trim();
        if (value.Length == 0 || value.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return ContentCoding.Identity;
        }

        if (value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return ContentCoding.Gzip;
        }

        if (value.Equals("deflate", StringComparison.OrdinalIgnoreCase))
        {
            return ContentCoding.Deflate;
        }

        context.Response.Headers.AcceptEncoding = "gzip, deflate";
        throw new SlipwayException(ErrorCode.NotSupported, "unsupported Content-Encoding; gzip, deflate and identity are understood");
    }

    /// <summary>
    /// The coding that an Accept-Encoding header likes best: the highest quality wins, the first of equals; <c>*</c> is ignored. None when not asked.
    /// </summary>
    public static ContentCoding Accepted(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0)
        {
            return ContentCoding.Identity;
        }

        ContentCoding best = ContentCoding.Identity;
        double bestQuality = 0;
        foreach (string? header in acceptEncoding)
        {
            foreach (Range range in header.AsSpan().Split(','))
            {
                ReadOnlySpan<char> item = header.AsSpan(range).Trim();
                int semicolon = item.IndexOf(';');
                double quality = semicolon < 0 ? 1 : Quality(item[(semicolon + 1)..]);
                ReadOnlySpan<char> name = semicolon < 0 ? item : item[..semicolon].TrimEnd();
                ContentCoding? coding = name.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? ContentCoding.Gzip
                    : name.Equals("deflate", StringComparison.OrdinalIgnoreCase) ? ContentCoding.Deflate
                    : name.Equals("identity", StringComparison.OrdinalIgnoreCase) ? ContentCoding.Identity
                    : null;
                if (coding is { } known && quality > bestQuality)
                {
                    best = known;
                    bestQuality = quality;
                }
            }
        }

        return best;
    }

    /// <summary>A stream that reads <paramref name="body"/> decompressed.</summary>
    public static Stream Decompress(this ContentCoding coding, Stream body) => coding switch
    {
        ContentCoding.Gzip => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        ContentCoding.Deflate => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
        _ => body,
    };

    /// <summary>A stream that writes into <paramref name="body"/> compressed, quickly rather than small.</summary>
    public static Stream Compress(this ContentCoding coding, Stream body) => coding switch
    {
        ContentCoding.Gzip => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
        ContentCoding.Deflate => new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true),
        _ => body,
    };

    /// <summary>The coding's name in a header.</summary>
    public static string ToName(this ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip",
        ContentCoding.Deflate => "deflate",
        _ => "identity",
    };

    private static double Quality(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out double quality)
            ? quality
            : 0;
    }
}
