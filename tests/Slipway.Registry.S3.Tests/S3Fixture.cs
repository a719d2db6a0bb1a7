using System.Collections.Concurrent;
using Slipway.Registry.S3.Tests;
using Slipway.TestKit.Servers;

[assembly: AssemblyFixture(typeof(S3Fixture))]

namespace Slipway.Registry.S3.Tests;

/// <summary>One server of each kind that is there, started when first asked for.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<S3Server>>> _servers = new();

    /// <summary>The server of a kind; skips the test where it is not there.</summary>
    public Task<S3Server> GetAsync(string kind)
    {
        Assert.SkipUnless(S3Server.Kinds.Contains(kind), S3Server.Missing);
        return _servers.GetOrAdd(kind, static kind => new Lazy<Task<S3Server>>(() => S3Server.StartAsync(kind))).Value;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<S3Server>> server in _servers.Values)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
