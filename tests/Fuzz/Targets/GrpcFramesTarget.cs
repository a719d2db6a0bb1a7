using System.Buffers;
using System.IO.Pipelines;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;

namespace Slipway.Fuzz.Targets;

/// <summary>A request body of gRPC messages, compressed ones among them.</summary>
internal sealed class GrpcFramesTarget : IFuzzTarget
{
    private static readonly GrpcOptions Options = new() { MaxReceiveMessageSize = 1 << 20, MaxDecompressedMessageSize = 1 << 20 };

    private static readonly BodyBudget Budget = new(16 << 20);

    public string Name => "grpc-frames";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Convert.FromHexString("0000000003010203" + "0000000000" + "0000000001FF"),
        Convert.FromHexString("01000000171F8B08000000000000034B4C4A4E494D4BCF00005D1A2D9206000000"),
    ];

    public async ValueTask ReadAsync(byte[] input)
    {
        PipeReader body = PipeReader.Create(new ReadOnlySequence<byte>(input));
        GrpcFrameReader reader = new(body, GrpcEncoding.Gzip, Options, Budget);
        while (true)
        {
            (bool found, GrpcMessage message) = await reader.ReadAsync(CancellationToken.None);
            if (!found)
            {
                return;
            }

            message.Dispose();
        }
    }
}
