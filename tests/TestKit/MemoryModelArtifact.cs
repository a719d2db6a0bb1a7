using Slipway.Core;

namespace Slipway.TestKit;

/// <summary>A version in memory.</summary>
public sealed class MemoryModelArtifact : ModelArtifact
{
    private readonly Dictionary<string, byte[]> _files;
    private string? _expected;

    public MemoryModelArtifact(byte[] model)
        : this("model.onnx", ("model.onnx", model))
    {
    }

    public MemoryModelArtifact(string? mainFile, params (string Name, byte[] Content)[] files)
    {
        MainFile = mainFile;
        _files = files.ToDictionary(static file => file.Name, static file => file.Content, StringComparer.Ordinal);
        Files = [.. files.Select(static file => new ModelFile(file.Name, file.Content.Length)).OrderBy(static file => file.Name, StringComparer.Ordinal)];
    }

    public override string ChangeToken { get; } = Guid.NewGuid().ToString();

    public override string? MainFile { get; }

    public override IReadOnlyList<ModelFile> Files { get; }

    public override string? ExpectedDigest => _expected;

    /// <summary>Makes the artifact one that must have a digest.</summary>
    public MemoryModelArtifact Expecting(string digest)
    {
        _expected = digest;
        return this;
    }

    public override Stream OpenRead(string name) => new MemoryStream(_files[name], writable: false);
}
