using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core;

/// <summary>What models there are and in what state. Thread-safe; answers are snapshots.</summary>
public interface IModelCatalog
{
    /// <summary>Whether every model that ought to be loaded at start has been tried, so that the server may say that it is ready.</summary>
    bool IsReady { get; }

    /// <summary>All models known, by name, ordinal order.</summary>
    IReadOnlyList<ModelSnapshot> GetModels();

    /// <summary>One model.</summary>
    bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model);

    /// <summary>
    /// The loaded version that a request would reach now; a model that is loaded on demand is loaded first. Completes at once when it is loaded.
    /// </summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>, <see cref="ErrorCode.ModelNotReady"/>.
    /// </exception>
    ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken);
}
