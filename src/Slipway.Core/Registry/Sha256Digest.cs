using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Slipway.Core;

/// <summary>A SHA-256 digest (FIPS 180-4) of bytes: what blobs, manifests and datasets are addressed by. Written as 64 lower-case hexadecimal digits.</summary>
public readonly record struct Sha256Digest
{
    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    private readonly string? _hex;

    private Sha256Digest(string hex) => _hex = hex;

    /// <summary>Whether this is a digest at all, rather than the default value.</summary>
    public bool HasValue => _hex is not null;

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return FromHash(hash);
    }

    /// <summary>Takes a finished hash of 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Sha256Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? new Sha256Digest(Convert.ToHexStringLower(hash))
        : throw new ArgumentException($"a SHA-256 digest has {SHA256.HashSizeInBytes} bytes, not {hash.Length}", nameof(hash));

    /// <summary>Reads 64 hexadecimal digits of either case, with or without <c>sha256:</c> before them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Sha256Digest digest)
    {
        digest = default;
        ReadOnlySpan<char> hex = text is null ? default : text.StartsWith("sha256:", StringComparison.Ordinal) ? text.AsSpan(7) : text;
        if (hex.Length != HexLength || hex.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        digest = new Sha256Digest(hex.ToString().ToLowerInvariant());
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the text is no digest.</exception>
    public static Sha256Digest Parse(string text) => TryParse(text, out Sha256Digest digest)
        ? digest
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"'{text}' is no SHA-256 digest: {HexLength} hexadecimal digits were expected");

    /// <summary>64 lower-case hexadecimal digits; empty for the default value.</summary>
    public override string ToString() => _hex ?? "";

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
