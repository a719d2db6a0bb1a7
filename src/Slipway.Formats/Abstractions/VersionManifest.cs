using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Formats.Abstractions;

/// <summary>
/// The canonical text that names the content of a version; its SHA-256, in lower-case hex, is the version's digest. UTF-8 without byte order mark:
/// the line <c>slipway-version-1</c>, then one line <c>name sha256 length</c> for each file, in ordinal order of the names' UTF-8 bytes, each line ended by
/// a single line feed. The name is relative with <c>/</c> between folders, the hash lower-case hex of the file's bytes, the length decimal.
/// Names never hold control characters, so the text is unambiguous. Stored and compared across releases: never change it, add another one.
/// </summary>
public static class VersionManifest
{
    /// <summary>First line.</summary>
    public const string Header = "slipway-version-1";

    /// <summary>One file of a version.</summary>
    /// <param name="Name">Relative name.</param>
    /// <param name="Sha256">Hash of the content, lower-case hex.</param>
    /// <param name="Length">Size in bytes.</param>
    public readonly record struct Entry(string Name, string Sha256, long Length);

    /// <summary>The digest of a version of these files.</summary>
    public static string ComputeDigest(IEnumerable<Entry> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, files);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static void Append(IncrementalHash hash, IEnumerable<Entry> files)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(Header + "\n"));
        foreach ((byte[] line, _) in files.Select(Line).OrderBy(static line => line.Name, Utf8Order.Instance))
        {
            hash.AppendData(line);
        }
    }

    private static (byte[] Line, byte[] Name) Line(Entry file) =>
        (Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Sha256} {file.Length}\n")), Encoding.UTF8.GetBytes(file.Name));

    private sealed class Utf8Order : IComparer<byte[]>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
