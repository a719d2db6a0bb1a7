using System.Globalization;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;

namespace Slipway.Cli.Benchmarking;

/// <summary>The one request that a load is made of, put together once.</summary>
internal sealed class BenchRequest
{
    private readonly Func<ILoadChannel> _connect;

    private BenchRequest(int bytes, Func<ILoadChannel> connect)
    {
        Bytes = bytes;
        _connect = connect;
    }

    /// <summary>Bytes of the body.</summary>
    public int Bytes { get; }

    /// <summary>Puts a call together for a protocol.</summary>
    /// <exception cref="NotSupportedException">An input has no JSON form.</exception>
    public static BenchRequest Create(Uri address, BenchProtocol protocol, InferCall call)
    {
        if (protocol == BenchProtocol.Grpc)
        {
            byte[] framed = GrpcClient.Frame(InferMessage.Write(call));
            return new BenchRequest(framed.Length, () => new GrpcLoadChannel(address, framed));
        }

        (byte[] body, int? jsonLength) = InferBody.Write(call with { Binary = protocol == BenchProtocol.Binary });
        string headers = jsonLength is { } length
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/octet-stream\r\n{InferBody.HeaderLength}: {length}\r\n")
            : "Content-Type: application/json\r\n";
        headers += ClientHandler.Token is { } token ? $"Authorization: Bearer {token}\r\n" : "";
        string path = address.AbsolutePath.TrimEnd('/') + "/" + SlipwayClient.InferPath(call);
        return new BenchRequest(body.Length, () => new HttpLoadChannel(address, path, headers, body));
    }

    /// <summary>Makes a connection's worth of load.</summary>
    public ILoadChannel Connect() => _connect();
}
