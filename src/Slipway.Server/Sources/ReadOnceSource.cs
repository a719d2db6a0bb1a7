using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Server.Sources;

/// <summary>Reads another source at start, and again only when somebody asks for it.</summary>
/// <param name="inner">The other source.</param>
internal sealed class ReadOnceSource(IModelSource inner) : IModelSource
{
    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await inner.RefreshAsync(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken) => inner.RefreshAsync(cancellationToken);
}
