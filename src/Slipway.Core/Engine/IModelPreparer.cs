namespace Slipway.Core;

/// <summary>
/// Turns the files of a version into something that a runtime can load: checks them, converts them when they are not in the runtime's own format.
/// Executes nothing that a file says. Thread-safe.
/// </summary>
public interface IModelPreparer
{
    /// <summary>Reads and checks a version.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/> with what is wrong.</exception>
    ValueTask<PreparedModel> PrepareAsync(ModelArtifact artifact, CancellationToken cancellationToken);
}
