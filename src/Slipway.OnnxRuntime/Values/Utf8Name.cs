using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Text as the engine takes it: UTF-8 with a final zero, at an address that never moves. Lives as long as this object.</summary>
internal sealed unsafe class Utf8Name
{
    private readonly byte[] _bytes;

    /// <summary>Encodes <paramref name="text"/>, which must not contain a zero character.</summary>
    public Utf8Name(string text)
    {
        _bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, _bytes);
        Pointer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; }
}
