namespace Slipway.Security.Tokens;

/// <summary>Fetches over HTTP: no redirects, 10 s and 1 MiB at most.</summary>
internal sealed class HttpDocumentFetcher : IDocumentFetcher, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 1 << 20,
    };

    /// <inheritdoc/>
    public Task<byte[]> FetchAsync(Uri address, CancellationToken cancellationToken) => _http.GetByteArrayAsync(address, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
