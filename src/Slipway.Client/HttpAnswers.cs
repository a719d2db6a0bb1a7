using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Client;

/// <summary>Answers of a server as values, refusals as <see cref="SlipwayClientException"/>.</summary>
internal static class HttpAnswers
{
    private const int LongestMessage = 2000;

    /// <summary>Sends a request and reads the JSON answer.</summary>
    public static async Task<T> ReadAsync<T>(HttpClient http, HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
                ?? throw new SlipwayClientException($"{request.RequestUri} answered null");
        }
        catch (JsonException exception)
        {
            throw new SlipwayClientException($"{request.RequestUri} did not answer with the JSON of this protocol", exception);
        }
    }

    /// <summary>Throws what the server said when the status is not a success.</summary>
    public static async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new SlipwayClientException(response.StatusCode, MessageOf(body) ?? Unexplained(response));
    }

    // A server of this protocol says why: what doesn't is most often another port.
    private static string Unexplained(HttpResponseMessage response) =>
        $"{response.RequestMessage?.RequestUri?.Authority} answered {(int)response.StatusCode} {response.ReasonPhrase} without a reason: is it the right address and port?";

    private static string? MessageOf(string body)
    {
        try
        {
            string? message = JsonSerializer.Deserialize(body, ClientJson.Default.ErrorAnswer)?.Error
                ?? JsonSerializer.Deserialize(body, ClientJson.Default.Problem)?.Title;
            return message is { Length: > LongestMessage } ? message[..LongestMessage] : message;
        }
        catch (JsonException)
        {
            // Something else than a server of this protocol answers there: its status has to say it.
            return null;
        }
    }
}
