using System.Net.Http.Headers;
using Slipway.Core;

namespace Slipway.Traffic.Prometheus;

/// <summary>Asks Prometheus servers. Thread-safe.</summary>
/// <param name="connections">How servers are reached; left alone when disposed.</param>
internal sealed class PrometheusClient(HttpMessageHandler connections) : IDisposable
{
    private const int MaxBytes = 1 << 20;
    private const int MaxTokenBytes = 64 << 10;

    private readonly HttpClient _http = new(connections, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxBytes };

    /// <summary>What a query comes to now; null when it comes to nothing.</summary>
    /// <param name="server">The server's address; a path before <c>/api</c> is kept.</param>
    /// <param name="query">PromQL.</param>
    /// <param name="tokenFile">File with a bearer token; null: none is sent.</param>
    /// <param name="timeout">Longest wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException">The server did not answer, refused, or answered with something else.</exception>
    public async Task<double?> AskAsync(Uri server, string query, string? tokenFile, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/api/v1/query"))
        {
            Content = new FormUrlEncodedContent([new("query", query)]),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            if (tokenFile is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await ReadTokenAsync(tokenFile, either.Token));
            }

            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);

            // Refusals are JSON too, and say why.
            return response.Content.Headers.ContentType?.MediaType == "application/json"
                ? PrometheusAnswer.Read(await response.Content.ReadAsByteArrayAsync(either.Token))
                : throw new SlipwayException(ErrorCode.InvalidRequest, $"Prometheus answers with status {(int)response.StatusCode} and no JSON");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SlipwayException(ErrorCode.DeadlineExceeded, $"Prometheus did not answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException fault)
        {
            throw new SlipwayException(ErrorCode.ModelNotReady, "Prometheus can't be reached, or sends more than 1 MiB", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "the token for Prometheus can't be read", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<string> ReadTokenAsync(string file, CancellationToken cancellationToken)
    {
        // Read anew each time: tokens are renewed.
        if (new FileInfo(file).Length > MaxTokenBytes)
        {
            throw new IOException("too long for a token");
        }

        return (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
    }
}
