using System.Runtime.InteropServices;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Texts that the engine allocated for us.</summary>
internal static unsafe class EngineText
{
    /// <summary>Reads and frees a text; empty for null.</summary>
    public static string Take(byte* text, OrtAllocator* allocator)
    {
        if (text is null)
        {
            return "";
        }

        try
        {
            return Marshal.PtrToStringUTF8((nint)text) ?? "";
        }
        finally
        {
            OrtStatusCheck.Check(OrtLibrary.Api->AllocatorFree(allocator, text));
        }
    }
}
