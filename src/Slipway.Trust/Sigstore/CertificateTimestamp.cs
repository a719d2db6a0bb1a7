using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Trust.Sigstore;

/// <summary>A certificate transparency log's promise to publish a certificate (RFC 6962, section 3.2).</summary>
/// <param name="LogId">SHA-256 of the log's key.</param>
/// <param name="Time">When, in milliseconds since 1970.</param>
/// <param name="Extensions">Extensions, which have no meaning yet and are signed.</param>
/// <param name="IsSupported">Whether it is of version 1, signed by ECDSA with SHA-256.</param>
/// <param name="Signature">The signature (DER).</param>
internal sealed record CertificateTimestamp(byte[] LogId, ulong Time, byte[] Extensions, bool IsSupported, byte[] Signature)
{
    private const int Most = 32;
    private const int LogIdBytes = 32;
    private const byte Version1 = 0;
    private const byte Sha256 = 4;
    private const byte Ecdsa = 3;

    /// <summary>Reads a list of them (section 3.3).</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is none.</exception>
    public static IReadOnlyList<CertificateTimestamp> ReadList(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> rest = TakeVector(ref bytes);
        RequireEnd(bytes);
        List<CertificateTimestamp> found = [];
        while (!rest.IsEmpty)
        {
            found.Add(found.Count < Most ? Read(TakeVector(ref rest)) : throw Damaged());
        }

        return found;
    }

    private static CertificateTimestamp Read(ReadOnlySpan<byte> bytes)
    {
        // Of another version nothing is known but that it is one.
        byte version = Take(ref bytes, 1)[0];
        if (version != Version1)
        {
            return new CertificateTimestamp([], 0, [], IsSupported: false, []);
        }

        byte[] log = Take(ref bytes, LogIdBytes).ToArray();
        ulong time = BinaryPrimitives.ReadUInt64BigEndian(Take(ref bytes, sizeof(ulong)));
        byte[] extensions = TakeVector(ref bytes).ToArray();
        ReadOnlySpan<byte> algorithm = Take(ref bytes, 2);
        bool isSupported = algorithm[0] == Sha256 && algorithm[1] == Ecdsa;
        byte[] signature = TakeVector(ref bytes).ToArray();
        RequireEnd(bytes);
        return new CertificateTimestamp(log, time, extensions, isSupported, signature);
    }

    // Two bytes of length before the bytes.
    private static ReadOnlySpan<byte> TakeVector(ref ReadOnlySpan<byte> rest) => Take(ref rest, BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, sizeof(ushort))));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static void RequireEnd(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            throw Damaged();
        }
    }

    private static SlipwayException Damaged() => new(ErrorCode.InvalidModel, "the signing certificate's time stamps of certificate transparency logs can't be read");
}
