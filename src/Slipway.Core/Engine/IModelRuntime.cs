namespace Slipway.Core;

/// <summary>An engine that loads and runs models of one kind. Thread-safe.</summary>
public interface IModelRuntime
{
    /// <summary>Name that <see cref="PreparedModel.Runtime"/> refers to.</summary>
    string Name { get; }

    /// <summary>Loads a model. May take long and use a thread of the caller's.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidModel"/> when the engine refuses the file, <see cref="ErrorCode.InvalidConfiguration"/> for a wrong engine option,
    /// <see cref="ErrorCode.NotSupported"/> for an execution provider that the library lacks (the message names those it has).
    /// </exception>
    ValueTask<ILoadedModel> LoadAsync(PreparedModel model, EngineConfig config, CancellationToken cancellationToken);
}
