using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>Prepares anything: the token becomes the content and, repeated, the digest.</summary>
public sealed class FakePreparer : IModelPreparer
{
    /// <summary>The example that every version comes with.</summary>
    public ReadOnlyMemory<byte> InputExample { get; init; }

    public ValueTask<PreparedModel> PrepareAsync(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        byte[] content = System.Text.Encoding.UTF8.GetBytes(artifact.ChangeToken);
        return ValueTask.FromResult(new PreparedModel
        {
            Runtime = "fake",
            Model = new ModelContent(content),
            Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)),
            Platform = "fake",
            InputExample = InputExample,
        });
    }
}
