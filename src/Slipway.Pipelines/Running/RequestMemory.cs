using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Counts the bytes that one request's intermediate tensors take now, up to a bound. Thread-safe.</summary>
internal sealed class RequestMemory(long most)
{
    private long _used;

    /// <summary>Lends memory for a tensor; given back, and uncounted, when it is disposed.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PayloadTooLarge"/> when the bound would be exceeded.</exception>
    public CountedBuffer Rent(long bytes)
    {
        Charge(bytes);
        try
        {
            return new CountedBuffer(this, TensorBufferPool.Shared.Rent(bytes));
        }
        catch
        {
            Release(bytes);
            throw;
        }
    }

    /// <summary>Counts bytes that somebody else lent.</summary>
    public void Charge(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) > most)
        {
            Interlocked.Add(ref _used, -bytes);
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the tensors between the steps would take more than {most} bytes (maxBytes)");
        }
    }

    /// <summary>Uncounts bytes.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}

/// <summary>Memory of one tensor, counted while it is held.</summary>
internal sealed class CountedBuffer(RequestMemory memory, TensorBuffer buffer) : IDisposable
{
    private readonly int _length = buffer.Memory.Length;
    private int _isGone;

    /// <summary>The bytes asked for.</summary>
    public Memory<byte> Memory => buffer.Memory;

    /// <summary>The bytes asked for, as a span.</summary>
    public Span<byte> Span => buffer.Span;

    /// <summary>A tensor over the bytes, which owns them from now on.</summary>
    public Tensor ToTensor(string name, TensorDataType type, TensorShape shape) => new(name, type, shape, buffer.Memory, this);

    /// <summary>Gives the memory back. Calling it again does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGone, 1) == 0)
        {
            buffer.Dispose();
            memory.Release(_length);
        }
    }
}
