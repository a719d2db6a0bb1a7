using System.Text;

namespace Slipway.Core;

/// <summary>
/// The files of a version, and the digest that addresses the version: SHA-256 over the line <c>slipway-version-1</c> and then a line <c>path digest length</c> for each file,
/// in ordinal order of the paths' UTF-8 bytes, in UTF-8 with a line feed behind each line. Answers name the version that gave them by the same digest.
/// Two versions with the same digest hold the same files under the same names. Stored and compared across releases: never change it. Immutable.
/// </summary>
public sealed class ModelManifest
{
    /// <summary>Most files of one version.</summary>
    public const int MaxFiles = 100_000;

    private const string Header = "slipway-version-1\n";

    /// <summary>Takes the files in any order.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: no file, too many, a name twice, or a name that is no <see cref="ArtifactPath"/>.</exception>
    public ModelManifest(IEnumerable<ArtifactFile> files)
    {
        ArtifactFile[] ordered = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        if (ordered.Length is 0 or > MaxFiles)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a version has 1 to {MaxFiles} files, not {ordered.Length}");
        }

        ArtifactPath.Check(ordered[0].Path);
        for (int index = 1; index < ordered.Length; index++)
        {
            ArtifactPath.Check(ordered[index].Path);
            if (ordered[index].Path == ordered[index - 1].Path)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"file '{ordered[index].Path}' is named twice");
            }
        }

        Files = ordered;
        StringBuilder text = new(Header);
        foreach (ArtifactFile file in ordered.OrderBy(static file => Encoding.UTF8.GetBytes(file.Path), Utf8Order.Instance))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{file.Path} {file.Digest} {file.Length}\n");
        }

        Digest = Sha256Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The files, by name in ordinal order.</summary>
    public IReadOnlyList<ArtifactFile> Files { get; }

    /// <summary>Addresses the version by its content.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Sum of the sizes in bytes.</summary>
    public long TotalBytes => Files.Sum(static file => file.Length);

    private sealed class Utf8Order : IComparer<byte[]>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
