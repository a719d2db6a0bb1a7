namespace Slipway.Client.Access;

/// <summary>An API key, without the key itself.</summary>
/// <param name="Id">Its id, by which it is revoked.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Roles">What it may do: <c>ROLE</c> or <c>ROLE:PATTERN</c>.</param>
/// <param name="Created">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="Expires">From when it is of no use; null: never.</param>
/// <param name="Revoked">When it was revoked; null: it was not.</param>
public sealed record ApiKeyDescription(
    string Id, string Name, IReadOnlyList<string> Roles, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires, DateTimeOffset? Revoked);

/// <summary>All API keys of a server.</summary>
/// <param name="Keys">Oldest first, revoked ones included.</param>
public sealed record ApiKeyList(IReadOnlyList<ApiKeyDescription> Keys);
