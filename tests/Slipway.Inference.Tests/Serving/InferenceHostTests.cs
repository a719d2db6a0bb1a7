using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;

namespace Slipway.Inference.Tests.Serving;

public sealed class InferenceHostTests
{
    [Fact]
    public async Task Source_is_no_longer_followed_when_a_host_that_nobody_stopped_frees_it()
    {
        FollowedSource source = new();
        InferenceFixture fixture = new(services => services.AddSingleton<IModelSource>(_ => source));
        await fixture.StartAsync();

        await fixture.DisposeUnstoppedAsync();

        Assert.Equal(0, source.FollowersAtDispose);
    }

    private sealed class FollowedSource : IModelSource, IDisposable
    {
        private int _followers;

        public int? FollowersAtDispose { get; private set; }

        public async IAsyncEnumerable<DesiredState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _followers);
            try
            {
                yield return new DesiredState(new Dictionary<string, DesiredModel>());
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _followers);
            }
        }

        public ValueTask<DesiredState> RefreshAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose() => FollowersAtDispose = Volatile.Read(ref _followers);
    }
}
