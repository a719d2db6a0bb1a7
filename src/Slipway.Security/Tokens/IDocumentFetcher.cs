namespace Slipway.Security.Tokens;

/// <summary>Fetches the documents of identity providers, from addresses that the operator or the provider's own configuration gave, never a caller.</summary>
public interface IDocumentFetcher
{
    /// <summary>Fetches one document.</summary>
    /// <exception cref="HttpRequestException">It can't be had, or is too large.</exception>
    Task<byte[]> FetchAsync(Uri address, CancellationToken cancellationToken);
}
