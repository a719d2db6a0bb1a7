using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// Takes length-prefixed messages off a request body. One caller at a time. Faults of framing, limits and compression are
/// <see cref="SlipwayException"/>s.
/// </summary>
internal sealed class GrpcFrameReader(PipeReader body, GrpcEncoding encoding, GrpcOptions options, BodyBudget budget)
{
    private const int PrefixLength = 5;

    // A message that is larger than the budget leaves uncounted takes memory as it arrives, fourfold each time, so that at most a third of it is moved again.
    private const int Growth = 4;

    /// <summary>The next message; false at the end of the body.</summary>
    public async ValueTask<(bool Found, GrpcMessage Message)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!body.TryRead(out ReadResult result))
            {
                result = await body.ReadAsync(cancellationToken);
            }

            if (TryReadWhole(result.Buffer, out GrpcMessage message, out SequencePosition end))
            {
                body.AdvanceTo(end);
                return (true, message);
            }

            if (TryReadPrefix(result.Buffer, out bool compressed, out int length))
            {
                body.AdvanceTo(result.Buffer.GetPosition(PrefixLength));
                return (true, Unpack(await ReceiveAsync(length, cancellationToken), compressed));
            }

            if (result.IsCompleted)
            {
                bool truncated = !result.Buffer.IsEmpty;
                body.AdvanceTo(result.Buffer.End);
                return truncated ? throw Truncated() : default;
            }

            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>The only message of the body.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when there is none, or more than one.</exception>
    public ValueTask<GrpcMessage> ReadOnlyAsync(CancellationToken cancellationToken)
    {
        // Nearly every small request is here as a whole, with the end of its stream, when its headers are handled.
        if (body.TryRead(out ReadResult result))
        {
            if (result.IsCompleted
                && TryReadWhole(result.Buffer, out GrpcMessage message, out SequencePosition end)
                && result.Buffer.Slice(end).IsEmpty)
            {
                body.AdvanceTo(end);
                return ValueTask.FromResult(message);
            }

            body.AdvanceTo(result.Buffer.Start);
        }

        return ReadOnlySlowAsync(cancellationToken);
    }

    private async ValueTask<GrpcMessage> ReadOnlySlowAsync(CancellationToken cancellationToken)
    {
        (bool found, GrpcMessage message) = await ReadAsync(cancellationToken);
        if (!found)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "expected one request message, got none");
        }

        try
        {
            while (true)
            {
                ReadResult rest = await body.ReadAsync(cancellationToken);
                bool more = !rest.Buffer.IsEmpty;
                body.AdvanceTo(rest.Buffer.End);
                if (more)
                {
                    throw new SlipwayException(ErrorCode.InvalidRequest, "expected one request message, got more");
                }

                if (rest.IsCompleted)
                {
                    return message;
                }
            }
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private bool TryReadWhole(ReadOnlySequence<byte> buffer, out GrpcMessage message, out SequencePosition end)
    {
        message = default;
        end = default;
        if (!TryReadPrefix(buffer, out bool compressed, out int length) || buffer.Length - PrefixLength < length)
        {
            return false;
        }

        ReadOnlySequence<byte> content = buffer.Slice(PrefixLength, length);
        end = content.End;
        TensorBuffer received = TensorBufferPool.Shared.Rent((long)Offset(length) + length);
        content.CopyTo(received.Span[Offset(length)..]);
        message = Unpack(new GrpcMessage(received, Offset(length), length), compressed);
        return true;
    }

    private bool TryReadPrefix(ReadOnlySequence<byte> buffer, out bool compressed, out int length)
    {
        compressed = false;
        length = 0;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[0] > 1)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "message frame: the compressed flag must be 0 or 1");
        }

        compressed = prefix[0] == 1;
        if (compressed && encoding == GrpcEncoding.Identity)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "message frame: compressed, but grpc-encoding names no compression");
        }

        uint declared = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (declared > (uint)options.MaxReceiveMessageSize)
        {
            throw new SlipwayException(
                ErrorCode.PayloadTooLarge,
                $"message of {declared} bytes is larger than the limit of {options.MaxReceiveMessageSize} bytes");
        }

        length = (int)declared;
        return true;
    }

    private async ValueTask<GrpcMessage> ReceiveAsync(int length, CancellationToken cancellationToken)
    {
        int start = Offset(length);
        if (length <= BodyBudget.Uncounted)
        {
            TensorBuffer small = TensorBufferPool.Shared.Rent(start + length);
            try
            {
                for (int received = 0; received < length;)
                {
                    received += await ReceiveIntoAsync(small.Memory[(start + received)..], length - received, cancellationToken);
                }

                return new GrpcMessage(small, start, length);
            }
            catch
            {
                small.Dispose();
                throw;
            }
        }

        BudgetedBuffer large = new(budget, start + BodyBudget.Uncounted);
        try
        {
            for (int received = 0; received < length;)
            {
                if (start + received == large.Memory.Length)
                {
                    large.Grow(start + received, (int)Math.Min((long)start + length, (long)large.Memory.Length * Growth));
                }

                received += await ReceiveIntoAsync(large.Memory[(start + received)..], length - received, cancellationToken);
            }

            return new GrpcMessage(large, start, length);
        }
        catch
        {
            large.Dispose();
            throw;
        }
    }

    // Some bytes of the message, one at least: as many as have arrived, are missing and find room.
    private async ValueTask<int> ReceiveIntoAsync(Memory<byte> target, int missing, CancellationToken cancellationToken)
    {
        ReadResult result = await body.ReadAsync(cancellationToken);
        int take = (int)Math.Min(result.Buffer.Length, Math.Min(missing, target.Length));
        ReadOnlySequence<byte> part = result.Buffer.Slice(0, take);
        part.CopyTo(target.Span);
        body.AdvanceTo(part.End);
        return take > 0 || !result.IsCompleted ? take : throw Truncated();
    }

    private GrpcMessage Unpack(GrpcMessage received, bool compressed)
    {
        if (!compressed)
        {
            return received;
        }

        using (received)
        {
            return GrpcDecompressor.Decompress(received.Memory, encoding, options.MaxDecompressedMessageSize, budget);
        }
    }

    // Where a message begins in its buffer, so that it ends on an alignment boundary.
    private static int Offset(int length) => -length & (TensorBufferPool.Alignment - 1);

    private static SlipwayException Truncated() => new(ErrorCode.InvalidRequest, "message frame: the body ended within a message");
}
