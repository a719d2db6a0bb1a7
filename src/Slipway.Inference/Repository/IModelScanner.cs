using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>Finds models on disk, one look at a time. Not thread-safe.</summary>
internal interface IModelScanner
{
    /// <summary>All models, by name. A model that has not changed keeps its listing object from look to look.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> when there is nothing to look at: the last state stays.</exception>
    IReadOnlyDictionary<string, ModelListing> Scan();

    /// <summary>Folders whose changes are a reason to look.</summary>
    IReadOnlyList<string> Folders { get; }
}
