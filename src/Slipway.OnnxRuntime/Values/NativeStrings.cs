using System.Runtime.InteropServices;

namespace Slipway.OnnxRuntime.Values;

/// <summary>An array of texts as C takes it: addresses of UTF-8 (or, for paths on Windows, UTF-16) with a final zero.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly nint[] _texts;
    private readonly byte** _array;

    /// <summary>Copies <paramref name="texts"/> to native memory.</summary>
    /// <param name="texts">None may contain a zero character.</param>
    /// <param name="asPaths">In the encoding of the system's paths rather than UTF-8.</param>
    public NativeStrings(IEnumerable<string> texts, bool asPaths = false)
    {
        _texts = [.. texts.Select(text => asPaths && OperatingSystem.IsWindows() ? Marshal.StringToCoTaskMemUni(text) : Marshal.StringToCoTaskMemUTF8(text))];
        _array = (byte**)NativeMemory.Alloc((nuint)Math.Max(1, _texts.Length), (nuint)sizeof(nint));
        for (int i = 0; i < _texts.Length; i++)
        {
            _array[i] = (byte*)_texts[i];
        }
    }

    /// <summary>The addresses.</summary>
    public byte** Pointer => _array;

    /// <summary>The first text.</summary>
    public void* First => _array[0];

    /// <summary>How many there are.</summary>
    public nuint Count => (nuint)_texts.Length;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint text in _texts)
        {
            Marshal.FreeCoTaskMem(text);
        }

        NativeMemory.Free(_array);
    }
}
