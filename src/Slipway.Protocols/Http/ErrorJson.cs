using System.Buffers;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.Http;

/// <summary>The body <c>{"error": "…"}</c> of Open Inference, TensorFlow Serving and their kin.</summary>
internal static class ErrorJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(IBufferWriter<byte> output, string message)
    {
        output.Write("{\"error\":"u8);
        JsonText.Write(output, message);
        output.Write("}"u8);
    }
}
