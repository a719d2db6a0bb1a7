using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Security.Identity;

namespace Slipway.Security.Registry;

/// <summary>
/// What the request in hand may see and do in the registry, by names of models and experiments. The rule: a question about a name that is not the caller's is refused, whether there is
/// such a thing or not; a list leaves out what is not the caller's; what is asked for by an identity that is not the caller's is not there.
/// </summary>
internal sealed class RegistryRights(ModelAccess access)
{
    /// <summary>Whether names have to be looked at: false for the server's own work and for callers who may do this with everything.</summary>
    public static bool IsNarrow =>
        RequestAccess.Current is { } request && !(request.Caller.MayEverywhere(Permission.ReadRegistry) && request.Caller.MayEverywhere(request.Permission));

    /// <summary>Whether the caller may see a model or experiment: by the permission to read, or by the one that its request was let in with.</summary>
    public static bool Sees(string name) =>
        RequestAccess.Current is not { } request || request.Caller.May(Permission.ReadRegistry, name) || request.Caller.May(request.Permission, name);

    /// <summary>Whether the caller may do something with everything.</summary>
    public static bool MayEverywhere(Permission permission) => RequestAccess.Current is not { } request || request.Caller.MayEverywhere(permission);

    /// <summary>Checks that the caller may see a model or experiment.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>.</exception>
    public ValueTask RequireVisibleAsync(string name) => Sees(name) ? ValueTask.CompletedTask : access.RequireAsync(Permission.ReadRegistry, name);

    /// <summary>Checks that the caller may do something with a model or experiment; keeps the attempt in the audit log when it may not.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>.</exception>
    public ValueTask RequireAsync(Permission permission, string name) => access.RequireAsync(permission, name);

    /// <summary>
    /// The page of a search as the caller may see it; it may be shorter than asked, and goes on where there is a token. A token tells by what its page's last item was ordered, so that no
    /// page ends at an item that is left out.
    /// </summary>
    public static async Task<SearchPage<T>> FilterAsync<T>(SearchQuery query, Func<SearchQuery, Task<SearchPage<T>>> search, Func<T, bool> sees)
    {
        while (true)
        {
            SearchPage<T> page = await search(query);
            int last = page.Items.Count - 1;
            while (last >= 0 && !sees(page.Items[last]))
            {
                last--;
            }

            if (page.NextPageToken is null || last == page.Items.Count - 1)
            {
                return new SearchPage<T>([.. page.Items.Where(sees)], page.NextPageToken);
            }

            query = last < 0 ? query with { PageToken = page.NextPageToken } : query with { MaxResults = last + 1 };
        }
    }
}
