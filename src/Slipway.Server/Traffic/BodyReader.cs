using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Server.Traffic;

/// <summary>Reads small JSON bodies of the management API.</summary>
internal static class BodyReader
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a body.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, naming the key.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
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

        try
        {
            return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type) ?? throw new JsonException("null");
        }
        catch (JsonException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the body is not what is expected here: {fault.Message}", fault);
        }
    }
}
