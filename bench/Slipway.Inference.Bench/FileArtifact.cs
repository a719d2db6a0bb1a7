using Slipway.Core;

namespace Slipway.Inference.Bench;

/// <summary>One ONNX file as a version.</summary>
internal sealed class FileArtifact(string path) : ModelArtifact
{
    public override string ChangeToken => path;

    public override string? MainFile => "model.onnx";

    public override IReadOnlyList<ModelFile> Files { get; } = [new ModelFile("model.onnx", new FileInfo(path).Length)];

    public override Stream OpenRead(string name) => File.OpenRead(path);
}
