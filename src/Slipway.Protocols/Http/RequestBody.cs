using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>
/// Reads the body of one request in parts, each in one piece of memory: in place where the server has received it so, else in a pooled array. Decompresses, counts and
/// bounds. One part at a time; <see cref="DisposeAsync"/> gives everything back.
/// </summary>
internal sealed class RequestBody : IAsyncDisposable
{
    private const int FirstArray = 4 << 20;

    private readonly BodyLimits _limits;
    private readonly PipeReader _pipe;
    private readonly Stream? _decompressor;
    private readonly long _most;
    private byte[]? _array;
    private SequencePosition? _consumed;
    private long _budget;

    private RequestBody(BodyLimits limits, PipeReader pipe, Stream? decompressor, long? length, long most)
    {
        _limits = limits;
        _pipe = pipe;
        _decompressor = decompressor;
        Length = length;
        _most = most;
    }

    /// <summary>Bytes of the whole body, decompressed; null when only the end will tell.</summary>
    public long? Length { get; }

    /// <summary>Bytes handed out so far, decompressed.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Prepares to read the body of a request.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for an unknown compression, <see cref="ErrorCode.PayloadTooLarge"/>.</exception>
    public static RequestBody Open(HttpContext context, BodyLimits limits)
    {
        ContentCoding coding = ContentCodings.OfRequest(context);
        long? length = context.Request.ContentLength;
        if (length > limits.Options.MaxBodyBytes)
        {
            throw TooLarge(limits.Options.MaxBodyBytes);
        }

        // The server's own default bound is 30 MB; ours are checked here instead.
        if (length is null or > BodyBudget.Uncounted
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limits.Options.MaxBodyBytes;
        }

        if (coding == ContentCoding.Identity)
        {
            return new RequestBody(limits, context.Request.BodyReader, null, length, limits.Options.MaxBodyBytes);
        }

        Stream stream = coding.Decompress(context.Request.Body);
        return new RequestBody(limits, PipeReader.Create(stream), stream, null, limits.Options.MaxDecompressedBytes);
    }

    /// <summary>Reads what is left, up to <paramref name="most"/> bytes. Valid until the next call.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PayloadTooLarge"/>.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadRestAsync(long most, CancellationToken cancellationToken)
    {
        if (Length - BytesRead > most)
        {
            throw TooLarge(most);
        }

        return ReadAsync(Length is { } length ? (int)(length - BytesRead) : -1, (int)Math.Min(most, _most - BytesRead), cancellationToken);
    }

    /// <summary>Reads exactly <paramref name="length"/> bytes. Valid until the next call.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the body ends before.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadExactlyAsync(int length, CancellationToken cancellationToken) => ReadAsync(length, length, cancellationToken);

    /// <summary>Fills <paramref name="destination"/> with the next bytes.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the body ends before.</exception>
    public async ValueTask ReadIntoAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        Release();
        int filled = 0;
        while (filled < destination.Length)
        {
            ReadResult result = await _pipe.ReadAsync(cancellationToken);
            filled += Copy(result.Buffer, destination.Span[filled..]);
            if (result.IsCompleted && filled < destination.Length)
            {
                throw EndsEarly(destination.Length - filled);
            }
        }
    }

    /// <summary>Whether nothing is left.</summary>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken)
    {
        Release();
        if (Length is { } length)
        {
            return BytesRead == length;
        }

        while (true)
        {
            ReadResult result = await _pipe.ReadAsync(cancellationToken);
            bool empty = result.Buffer.IsEmpty;
            _pipe.AdvanceTo(result.Buffer.Start);
            if (!empty || result.IsCompleted)
            {
                return empty;
            }
        }
    }

    /// <summary>Counts memory that the body's content takes elsewhere, until the end of the request.</summary>
    public void Charge(long bytes)
    {
        if (bytes > BodyBudget.Uncounted)
        {
            _limits.Budget.Take(bytes);
            _budget += bytes;
        }
    }

    /// <summary>Gives the memory of the last part back before the end of the request.</summary>
    public void Release()
    {
        if (_consumed is { } position)
        {
            _consumed = null;
            _pipe.AdvanceTo(position);
        }

        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Release();
        if (_budget > 0)
        {
            _limits.Budget.Return(_budget);
            _budget = 0;
        }

        if (_decompressor is not null)
        {
            await _pipe.CompleteAsync();
            await _decompressor.DisposeAsync();
        }
    }

    /// <param name="length">Bytes to read; -1: up to the end.</param>
    /// <param name="most">Most bytes to read.</param>
    /// <param name="cancellationToken">Stops.</param>
    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int length, int most, CancellationToken cancellationToken)
    {
        Release();
        ReadResult result = await _pipe.ReadAsync(cancellationToken);

        // The ordinary case: a small body that came with its head lies in one piece already.
        ReadOnlyMemory<byte> piece = result.Buffer.First;
        if (length >= 0 ? piece.Length >= length : result.IsCompleted && result.Buffer.IsSingleSegment && piece.Length <= most)
        {
            piece = length >= 0 ? piece[..length] : piece;
            _consumed = result.Buffer.GetPosition(piece.Length);
            BytesRead += piece.Length;
            return piece;
        }

        Charge(length);
        _array = ArrayPool<byte>.Shared.Rent(Math.Min(length >= 0 ? length : 64 << 10, FirstArray));
        int filled = 0;
        while (true)
        {
            if (filled + result.Buffer.Length > most && length < 0)
            {
                _pipe.AdvanceTo(result.Buffer.Start);
                throw TooLarge(most);
            }

            int wanted = (int)Math.Min(result.Buffer.Length, length >= 0 ? length - filled : int.MaxValue);
            Grow(filled, filled + wanted, length >= 0 ? length : most);
            filled += Copy(result.Buffer, _array.AsSpan(filled, wanted));
            if (length >= 0 ? filled == length : result.IsCompleted)
            {
                return _array.AsMemory(0, filled);
            }

            if (result.IsCompleted)
            {
                throw EndsEarly(length - filled);
            }

            result = await _pipe.ReadAsync(cancellationToken);
        }
    }

    private int Copy(in ReadOnlySequence<byte> buffer, Span<byte> destination)
    {
        ReadOnlySequence<byte> taken = buffer.Length > destination.Length ? buffer.Slice(0, destination.Length) : buffer;
        taken.CopyTo(destination);
        int length = (int)taken.Length;
        _pipe.AdvanceTo(taken.End);
        BytesRead += length;
        return length;
    }

    private void Grow(int filled, int needed, int most)
    {
        if (needed <= _array!.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(most, 2L * _array.Length)));
        if (Length is null)
        {
            Charge(larger.Length);
        }

        _array.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }

    private static SlipwayException TooLarge(long most) => new(ErrorCode.PayloadTooLarge, $"the request body is larger than the {most} bytes allowed");

    private static SlipwayException EndsEarly(long missing) => new(ErrorCode.InvalidRequest, $"the request body ends {missing} bytes too early");
}
