using System.Buffers;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>
/// The bytes of a tensor that the engine gave, without a copy. Disposing it once releases the value. It keeps the session alive, since an output
/// may be one of the session's own weights.
/// </summary>
internal sealed unsafe class ValueMemory : MemoryManager<byte>
{
    private readonly SessionHandle _session;
    private readonly void* _data;
    private readonly int _length;
    private nint _value;

    /// <summary>Takes over <paramref name="value"/>.</summary>
    public ValueMemory(OrtValue* value, void* data, int length, SessionHandle session)
    {
        bool held = false;
        session.DangerousAddRef(ref held);
        _session = session;
        _value = (nint)value;
        _data = data;
        _length = length;
    }

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(_length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_value == 0, this);
        return new Span<byte>(_data, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        return new MemoryHandle((byte*)_data + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        nint value = Interlocked.Exchange(ref _value, 0);
        if (value != 0)
        {
            OrtLibrary.Api->ReleaseValue((OrtValue*)value);
            _session.DangerousRelease();
        }
    }
}
