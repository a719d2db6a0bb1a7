namespace Slipway.Cli.Benchmarking;

/// <summary>One connection's worth of load: sends the same request again and again, one at a time. Not thread-safe.</summary>
internal interface ILoadChannel : IAsyncDisposable
{
    /// <summary>Sends the request and reads the whole answer.</summary>
    /// <returns>Null when the server answered with success, else a short name of what it answered, such as <c>429</c>.</returns>
    ValueTask<string?> SendAsync(CancellationToken cancellationToken);
}
