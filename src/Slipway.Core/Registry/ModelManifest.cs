using System.Text;

namespace Slipway.Core;

/// <summary>
/// The files of a version in ordinal order of their names, and the digest that addresses the version: SHA-256 over the lines <c>digest SP SP length SP SP path LF</c> in UTF-8.
/// Two versions with the same digest hold the same files under the same names. Immutable.
/// </summary>
public sealed class ModelManifest
{
    /// <summary>Most files of one version.</summary>
    public const int MaxFiles = 100_000;

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
        StringBuilder text = new();
        foreach (ArtifactFile file in ordered)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{file.Digest}  {file.Length}  {file.Path}\n");
        }

        Digest = Sha256Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The files, by name in ordinal order.</summary>
    public IReadOnlyList<ArtifactFile> Files { get; }

    /// <summary>Addresses the version by its content.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Sum of the sizes in bytes.</summary>
    public long TotalBytes => Files.Sum(static file => file.Length);
}
