using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Server.Sources;

/// <summary>The source of a server that was given no models.</summary>
internal sealed class NoModels : IModelSource
{
    private static readonly DesiredState Empty = new(new Dictionary<string, DesiredModel>());

    public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Empty;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Empty);
}
