using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Grpc;

/// <summary>Memory of a large message, which grows as the message arrives and is counted in the room that all requests share. Disposed once.</summary>
internal sealed class BudgetedBuffer : IDisposable
{
    private readonly BodyBudget _budget;
    private TensorBuffer _buffer;
    private long _counted;

    /// <summary>Takes <paramref name="capacity"/> bytes.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Overloaded"/> when there is no room for them now.</exception>
    public BudgetedBuffer(BodyBudget budget, int capacity)
    {
        _budget = budget;
        _budget.Take(capacity);
        _counted = capacity;
        _buffer = TensorBufferPool.Shared.Rent(capacity);
    }

    /// <summary>The memory, aligned at its start.</summary>
    public Memory<byte> Memory => _buffer.Memory;

    /// <summary>Grows to <paramref name="capacity"/> bytes and keeps the first <paramref name="used"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Overloaded"/>.</exception>
    public void Grow(int used, int capacity)
    {
        _budget.Take(capacity - _counted);
        _counted = capacity;
        TensorBuffer larger = TensorBufferPool.Shared.Rent(capacity);
        _buffer.Span[..used].CopyTo(larger.Span);
        _buffer.Dispose();
        _buffer = larger;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        long counted = Interlocked.Exchange(ref _counted, 0);
        if (counted > 0)
        {
            _buffer.Dispose();
            _budget.Return(counted);
        }
    }
}
