using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Slipway.Bench.Baselines;

/// <summary>Hand-framed gRPC on Kestrel: reads one message and answers with a fixed one. What any gRPC server on this framework costs at least.</summary>
internal static class GrpcEcho
{
    private const int PrefixLength = 5;

    // A prefix and a message of the size of a small model's answer; nobody parses it.
    private static readonly byte[] Answer = Frame(60);

    public static Task RunAsync(CancellationToken cancellationToken) => BaselineServer.RunAsync(http2: true, AnswerAsync, cancellationToken);

    private static async Task AnswerAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync();
            if (IsWhole(read.Buffer) || read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.End);
                break;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.BodyWriter.WriteAsync(Answer);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static bool IsWhole(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return buffer.Length >= PrefixLength + BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
    }

    private static byte[] Frame(int length)
    {
        byte[] frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        return frame;
    }
}
