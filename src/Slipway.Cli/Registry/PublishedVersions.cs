using Slipway.Client;
using Slipway.Client.Registry;
using Slipway.Core;

namespace Slipway.Cli.Registry;

/// <summary>What the registry has of a model already, so that what is there is not published again.</summary>
/// <param name="Model">The model; null when there is none.</param>
/// <param name="ByDigest">Its versions by content: the newest where several hold the same.</param>
internal sealed record PublishedVersions(RegistryModel? Model, IReadOnlyDictionary<string, RegistryVersion> ByDigest)
{
    private const int Page = 1000;

    /// <summary>Reads what there is.</summary>
    public static async Task<PublishedVersions> ReadAsync(IRegistryApi api, string name, CancellationToken cancellationToken)
    {
        Dictionary<string, RegistryVersion> byDigest = new(StringComparer.Ordinal);
        RegistryModel model;
        try
        {
            model = await api.GetModelAsync(name, cancellationToken);
        }
        catch (SlipwayException fault) when (fault.Code == ErrorCode.ModelNotFound)
        {
            return new PublishedVersions(null, byDigest);
        }
        catch (SlipwayClientException refusal) when (refusal.Status == System.Net.HttpStatusCode.NotFound)
        {
            return new PublishedVersions(null, byDigest);
        }

        string? token = null;
        do
        {
            RegistryVersionPage page = await api.ListVersionsAsync(name, token, Page, cancellationToken);
            foreach (RegistryVersion version in page.Versions.Where(static version => version.Digest is not null))
            {
                byDigest.TryAdd(version.Digest!, version);
            }

            token = page.NextPageToken;
        }
        while (token is not null);
        return new PublishedVersions(model, byDigest);
    }
}
