using System.Text.Json;
using Slipway.Core;

namespace Slipway.Security.Tokens;

/// <summary>Finds and reads the key set of a provider: a file, an address, or OpenID Connect discovery (OpenID Connect Discovery 1.0, section 4).</summary>
internal sealed class ProviderDocuments(TokenIssuer issuer, IDocumentFetcher fetcher)
{
    private const string WellKnown = "/.well-known/openid-configuration";
    private const long MostBytes = 1 << 20;

    /// <summary>Reads the keys as they are now.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotReady"/>: they can't be had; try again later.</exception>
    public async Task<SigningKeySet> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            SigningKeySet keys = SigningKeySet.Parse(await BytesAsync(cancellationToken));
            return keys.Count > 0 ? keys : throw new JsonException("the key set has no key that can be used");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException or UnauthorizedAccessException or UriFormatException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SlipwayException(ErrorCode.ModelNotReady, "the signing keys of the identity provider can't be had at the moment", fault);
        }
    }

    private async Task<byte[]> BytesAsync(CancellationToken cancellationToken)
    {
        if (issuer.KeysFile is { } file)
        {
            return new FileInfo(file).Length <= MostBytes ? await File.ReadAllBytesAsync(file, cancellationToken) : throw new JsonException("the file is too large");
        }

        Uri address = issuer.KeysUrl ?? await DiscoverAsync(cancellationToken);
        return await fetcher.FetchAsync(Trusted(address), cancellationToken);
    }

    private async Task<Uri> DiscoverAsync(CancellationToken cancellationToken)
    {
        Uri configuration = new(issuer.Issuer.TrimEnd('/') + WellKnown);
        using JsonDocument document = JsonDocument.Parse(await fetcher.FetchAsync(Trusted(configuration), cancellationToken), new JsonDocumentOptions { MaxDepth = 16 });
        if (document.RootElement.ValueKind != JsonValueKind.Object || SignedToken.TextOf(document.RootElement, "issuer") != issuer.Issuer)
        {
            throw new JsonException("the configuration is of another issuer");
        }

        return new Uri(SignedToken.TextOf(document.RootElement, "jwks_uri") ?? throw new JsonException("the configuration names no jwks_uri"));
    }

    // Keys that somebody on the way could replace prove nothing.
    private static Uri Trusted(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
        ? address
        : throw new JsonException("an https address is expected");
}
