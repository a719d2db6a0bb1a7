using System.Text;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Attributes of a node that an operator of ours is made for. Valid while it is made.</summary>
internal readonly unsafe struct KernelAttributes(OrtKernelInfo* info)
{
    /// <summary>Text, or <paramref name="absent"/> where the node has no such attribute.</summary>
    public string Text(string name, string absent = "")
    {
        OrtApi* api = OrtLibrary.Api;
        using NativeStrings key = new([name]);
        nuint size = 0;
        OrtStatus* status = api->KernelInfoGetAttribute_string(info, key.Pointer[0], null, &size);
        if (status is not null)
        {
            api->ReleaseStatus(status);
            return absent;
        }

        byte[] bytes = new byte[(int)size];
        fixed (byte* target = bytes)
        {
            OrtStatusCheck.Check(api->KernelInfoGetAttribute_string(info, key.Pointer[0], target, &size));
        }

        // The size counts the zero at the end.
        return Encoding.UTF8.GetString(bytes.AsSpan()[..Math.Max(0, (int)size - 1)]);
    }

    /// <summary>An integer, or <paramref name="absent"/>.</summary>
    public long Integer(string name, long absent = 0)
    {
        OrtApi* api = OrtLibrary.Api;
        using NativeStrings key = new([name]);
        long value;
        OrtStatus* status = api->KernelInfoGetAttribute_int64(info, key.Pointer[0], &value);
        if (status is null)
        {
            return value;
        }

        api->ReleaseStatus(status);
        return absent;
    }
}
