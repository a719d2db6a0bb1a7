using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Grpc;

/// <summary>Decompresses one message into pooled memory, within a limit.</summary>
internal static class GrpcDecompressor
{
    private const int SmallestBuffer = 16 << 10;

    /// <summary>Decompresses <paramref name="compressed"/>.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.PayloadTooLarge"/> beyond <paramref name="maxLength"/> bytes, <see cref="ErrorCode.Overloaded"/> beyond <paramref name="budget"/>, <see cref="ErrorCode.InvalidRequest"/> for damaged data.
    /// </exception>
    public static GrpcMessage Decompress(ReadOnlyMemory<byte> compressed, GrpcEncoding encoding, int maxLength, BodyBudget budget)
    {
        // The buffer of a received message is an array, always.
        ArraySegment<byte> array = MemoryMarshal.TryGetArray(compressed, out ArraySegment<byte> segment) ? segment : compressed.ToArray();
        using MemoryStream source = new(array.Array!, array.Offset, array.Count, writable: false);
        using Stream stream = encoding.Decompress(source);
        BudgetedBuffer buffer = new(budget, (int)Math.Clamp(compressed.Length * 4L, SmallestBuffer, Math.Max(SmallestBuffer, maxLength)));
        try
        {
            int length = 0;
            while (true)
            {
                int read = stream.Read(buffer.Memory.Span[length..]);
                length += read;
                if (length > maxLength)
                {
                    throw new SlipwayException(ErrorCode.PayloadTooLarge, $"message is larger than {maxLength} bytes when decompressed");
                }

                if (read == 0)
                {
                    return new GrpcMessage(buffer, 0, length);
                }

                if (length == buffer.Memory.Length)
                {
                    // One byte beyond the limit is room enough to see that there is more.
                    buffer.Grow(length, (int)Math.Min(length * 2L, maxLength + 1L));
                }
            }
        }
        catch (InvalidDataException)
        {
            buffer.Dispose();
            throw new SlipwayException(ErrorCode.InvalidRequest, $"message is not valid {encoding.ToName()} data");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
