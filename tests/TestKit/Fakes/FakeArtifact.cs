using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>A version without files: its token says what the fakes make of it.</summary>
public sealed class FakeArtifact(string token, long bytes = 1000) : ModelArtifact
{
    public override string ChangeToken => token;

    public override string? MainFile => "model.fake";

    public override IReadOnlyList<ModelFile> Files { get; } = [new ModelFile("model.fake", bytes)];

    public override Stream OpenRead(string name) => new MemoryStream();
}
