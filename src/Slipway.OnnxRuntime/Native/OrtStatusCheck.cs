using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.OnnxRuntime.Native;

/// <summary>A status of the engine other than success; caught inside the room and turned into what the caller was promised.</summary>
internal sealed class OrtException(OrtErrorCode code, string message) : Exception(message)
{
    /// <summary>The engine's code.</summary>
    public OrtErrorCode Code { get; } = code;
}

/// <summary>Turns statuses into exceptions.</summary>
internal static unsafe class OrtStatusCheck
{
    /// <summary>Does nothing on success (null); else frees the status and throws.</summary>
    /// <exception cref="OrtException">The call failed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(OrtStatus* status)
    {
        if (status is not null)
        {
            Throw(status);
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw(OrtStatus* status)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtErrorCode code;
        string message;
        try
        {
            code = api->GetErrorCode(status);
            message = Marshal.PtrToStringUTF8((nint)api->GetErrorMessage(status)) ?? "no message";
        }
        finally
        {
            api->ReleaseStatus(status);
        }

        throw new OrtException(code, message);
    }
}
