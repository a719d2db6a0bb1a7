using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Trust.Staging;

/// <summary>A version whose signature holds: the files that were signed, as they were when they were verified, and no others.</summary>
internal sealed class StagedArtifact : ModelArtifact
{
    private readonly StagedFiles _staged;

    /// <param name="original">The version.</param>
    /// <param name="signed">Names of the files that were signed.</param>
    /// <param name="staged">Their copies.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: the model's file was not signed, or the files are not those that were published.</exception>
    public StagedArtifact(ModelArtifact original, IReadOnlyList<string> signed, StagedFiles staged)
    {
        HashSet<string> names = [.. signed];
        _staged = staged;
        ChangeToken = original.ChangeToken;
        Files = [.. original.Files.Where(file => names.Contains(file.Name))];
        MainFile = original.MainFile is null || names.Contains(original.MainFile)
            ? original.MainFile
            : throw new SlipwayException(ErrorCode.InvalidModel, $"the model's file '{original.MainFile}' is not in the signed manifest");
        VerifiedDigest = original.ExpectedDigest is { } expected ? Check(original, expected) : null;
    }

    public override string? VerifiedDigest { get; }

    public override string ChangeToken { get; }

    public override string? MainFile { get; }

    public override IReadOnlyList<ModelFile> Files { get; }

    public override Stream OpenRead(string name) => Find(name) switch
    {
        { Bytes: { } bytes } => new MemoryStream(bytes, writable: false),
        { Path: { } path } => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0),
        _ => new MemoryStream([], writable: false),
    };

    public override SafeFileHandle? OpenFile(string name) =>
        Find(name).Path is { } path ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete) : null;

    // The signature covers a part of what was published (itself, for one thing, it can't). Of that part the copies count, for they are what is read on.
    private string Check(ModelArtifact original, string expected)
    {
        HashSet<string> copied = [.. Files.Select(static file => file.Name)];
        ModelManifest found = new(original.Files.Select(file =>
        {
            using Stream content = copied.Contains(file.Name) ? OpenRead(file.Name) : file.Length == 0 ? Stream.Null : original.OpenRead(file.Name);
            return new ArtifactFile(file.Name, Sha256Digest.FromHash(SHA256.HashData(content)), file.Length);
        }));
        return found.Digest.ToString() == expected
            ? expected
            : throw new SlipwayException(ErrorCode.InvalidModel, $"the version's files are not those that were published: their digest is {found.Digest}, not {expected}");
    }

    // A file of no length has no copy.
    private StagedFile Find(string name) => _staged.Find(name)
        ?? (Files.Any(file => file.Name == name && file.Length == 0) ? new StagedFile([], null) : throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no signed file '{name}'"));
}
