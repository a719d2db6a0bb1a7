using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>
/// Models in a folder: looked at again and again, sooner when the file system reports a change, and offered once their files have come to rest.
/// A look that finds the models folder itself gone keeps the last state.
/// </summary>
public sealed class FolderModelSource : IModelSource, IDisposable
{
    private readonly ScanLoop _loop;

    /// <summary>Makes a source; nothing is looked at before <see cref="WatchAsync"/> or <see cref="RefreshAsync"/>.</summary>
    public FolderModelSource(FolderModelSourceOptions options, TimeProvider time, ILogger<FolderModelSource> logger)
    {
        _loop = new ScanLoop(new FolderScanner(options, time), options, time, logger);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DesiredState> WatchAsync(CancellationToken cancellationToken) => _loop.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken) => _loop.RefreshAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _loop.Dispose();
}
