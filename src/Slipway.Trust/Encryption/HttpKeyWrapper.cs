using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Wraps data keys with a service over HTTP: <c>POST</c> of <c>{"operation": "wrap" | "unwrap", "keyId": "…", "data": "BASE64"}</c>, answered with
/// <c>{"data": "BASE64"}</c>.
/// </summary>
/// <param name="client">The client, with its time limit; stays the caller's.</param>
/// <param name="address">Address of the service.</param>
/// <param name="token">Bearer token; null: none.</param>
/// <param name="keyId">Name of the present key.</param>
internal sealed class HttpKeyWrapper(HttpClient client, Uri address, string? token, string keyId) : IKeyWrapper
{
    private const int MostBytes = 1 << 16;

    /// <inheritdoc/>
    public string KeyId => keyId;

    /// <inheritdoc/>
    public ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken) => CallAsync("wrap", keyId, dataKey, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken) => CallAsync("unwrap", keyId, wrapped, cancellationToken);

    private async ValueTask<byte[]> CallAsync(string operation, string key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter writer = new(body))
        {
            writer.WriteStartObject();
            writer.WriteString("operation", operation);
            writer.WriteString("keyId", key);
            writer.WriteBase64String("data", data.Span);
            writer.WriteEndObject();
        }

        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new ByteArrayContent(body.ToArray()) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength > MostBytes)
            {
                throw Failed(operation, key, $"it answered with status {(int)response.StatusCode}");
            }

            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            byte[] answer = new byte[MostBytes];
            int length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken);
            using JsonDocument document = JsonDocument.Parse(answer.AsMemory(0, length));
            return document.RootElement.GetProperty("data").GetBytesFromBase64();
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw Failed(operation, key, fault is HttpRequestException or IOException ? "it can't be reached" : "its answer can't be read", fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(operation, key, "it did not answer in time", fault);
        }
    }

    private static SlipwayException Failed(string operation, string key, string why, Exception? fault = null) =>
        new(ErrorCode.Internal, $"the key service can't {operation} with the key '{key}': {why}", fault);
}
