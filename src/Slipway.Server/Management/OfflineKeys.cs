using Slipway.Client.Access;
using Slipway.Core;
using Slipway.Security.Keys;
using Slipway.Security.Policies;
using Slipway.Server.Configuration;

namespace Slipway.Server.Management;

/// <summary>API keys of a data folder, without a server: the way back in for whoever lost the last key.</summary>
public sealed class OfflineKeys
{
    private readonly ApiKeys _keys;

    private OfflineKeys(ApiKeys keys)
    {
        _keys = keys;
    }

    /// <summary>Opens the keys of a folder; a server that runs on it sees changes a second later.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="config">The server's configuration, for roles of the operator's own; null: only the built-in ones.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>.</exception>
    public static OfflineKeys Open(string data, string? config, TimeProvider time)
    {
        RoleSet roles = new(config is null ? [] : ServerConfiguration.Read(config, ServerConfiguration.ProcessVariables()).Security.Roles);
        return new OfflineKeys(new ApiKeys(new FileApiKeyStore(Path.GetFullPath(data)), roles, time));
    }

    /// <summary>Makes a key.</summary>
    /// <exception cref="SlipwayException">A bad name, an unknown role, a name that is taken.</exception>
    public CreatedApiKey Create(CreateApiKey wish, string createdBy)
    {
        NewApiKey created = _keys.Create(wish.Name, wish.Roles, wish.Expires, createdBy);
        return new CreatedApiKey(created.Key, Describe(created.Record));
    }

    /// <summary>All keys, revoked ones included.</summary>
    public IReadOnlyList<ApiKeyDescription> List() => [.. _keys.List().Select(Describe)];

    /// <summary>Makes a key useless.</summary>
    /// <param name="key">Its id or name.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>.</exception>
    public ApiKeyDescription Revoke(string key) => Describe(_keys.Revoke(key));

    /// <summary>A key in the words of the access API.</summary>
    internal static ApiKeyDescription Describe(ApiKeyRecord key) => new(key.Id, key.Name, key.Grants, key.Created, key.CreatedBy, key.Expires, key.Revoked);
}
