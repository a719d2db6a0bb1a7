namespace Slipway.Core;

/// <summary>
/// Says which models and versions there are and how each is to be served; Inference makes it so. A folder, a registry. Thread-safe.
/// </summary>
public interface IModelSource
{
    /// <summary>
    /// The desired state, and again after every change, for as long as it is enumerated. The first item comes without waiting for a change.
    /// A fault in one model is reported in its <see cref="DesiredModel.Problem"/>, never by ending the sequence.
    /// </summary>
    IAsyncEnumerable<DesiredState> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Looks again now rather than at the next poll; returns the state as it is then.</summary>
    ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken);
}
