using System.Buffers;
using System.Runtime.CompilerServices;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Pins the inputs of one run; up to eight without an allocation.</summary>
internal struct PinnedInputs
{
    private Few _few;
    private MemoryHandle[]? _many;
    private int _count;

    /// <summary>Pins <paramref name="memory"/> until <see cref="Release"/>.</summary>
    public unsafe byte* Add(ReadOnlyMemory<byte> memory)
    {
        MemoryHandle handle = memory.Pin();
        if (_many is null && _count < Few.Length)
        {
            _few[_count++] = handle;
        }
        else
        {
            _many ??= new MemoryHandle[Few.Length];
            if (_count - Few.Length == _many.Length)
            {
                Array.Resize(ref _many, _many.Length * 2);
            }

            _many[_count++ - Few.Length] = handle;
        }

        return (byte*)handle.Pointer;
    }

    /// <summary>Unpins everything.</summary>
    public void Release()
    {
        for (int i = 0; i < _count; i++)
        {
            if (i < Few.Length)
            {
                _few[i].Dispose();
            }
            else
            {
                _many![i - Few.Length].Dispose();
            }
        }

        _count = 0;
    }

    [InlineArray(Length)]
    private struct Few
    {
        public const int Length = 8;

        private MemoryHandle _first;
    }
}
