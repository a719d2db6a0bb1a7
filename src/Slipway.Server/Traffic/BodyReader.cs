using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Server.Traffic;

/// <summary>Reads small bodies of the management API.</summary>
internal static class BodyReader
{
    private const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a body.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, naming the key.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        ReadOnlyMemory<byte> body = await ReadBytesAsync(context);
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the body is not what is expected here: {fault.Message}", fault);
        }
    }

    /// <summary>Reads a body as text in UTF-8.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: it is none.</exception>
    public static async Task<string> ReadTextAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> body = await ReadBytesAsync(context);
        try
        {
            return Strict.GetString(body.Span);
        }
        catch (DecoderFallbackException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the body is no text in UTF-8", fault);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext context)
    {
        using MemoryStream body = new();
        byte[] part = new byte[16 << 10];
        for (int read; (read = await context.Request.Body.ReadAsync(part, context.RequestAborted)) > 0;)
        {
            if (body.Length + read > MaxBytes)
            {
                throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the body has more than {MaxBytes} bytes");
            }

            body.Write(part, 0, read);
        }

        return body.ToArray();
    }
}
