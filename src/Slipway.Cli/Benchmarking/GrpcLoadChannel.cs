using Slipway.Client.Grpc;

namespace Slipway.Cli.Benchmarking;

/// <summary>Load over gRPC; each channel has an HTTP/2 connection of its own.</summary>
/// <param name="address">The listener.</param>
/// <param name="framed">The request with its frame.</param>
internal sealed class GrpcLoadChannel(Uri address, ReadOnlyMemory<byte> framed) : ILoadChannel
{
    private readonly GrpcClient _client = new(address);

    public async ValueTask<string?> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.CallAsync(GrpcClient.ModelInfer, framed, cancellationToken);
            return null;
        }
        catch (GrpcFailureException failure)
        {
            return $"grpc-{failure.Status}";
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
