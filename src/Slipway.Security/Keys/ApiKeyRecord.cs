namespace Slipway.Security.Keys;

/// <summary>An API key as it is stored: everything but the key itself.</summary>
/// <param name="Id">Public part of the key, 16 hexadecimal digits.</param>
/// <param name="Name">What it is for; the caller's name is <c>key/NAME</c>.</param>
/// <param name="Hash">SHA-256 of the secret part, in hexadecimal. The secret is 256 random bits, so that a slow hash would add nothing.</param>
/// <param name="Grants">Roles as they are written, <c>ROLE</c> or <c>ROLE:PATTERN</c>.</param>
/// <param name="Created">When.</param>
/// <param name="CreatedBy">Name of the caller who created it.</param>
public sealed record ApiKeyRecord(string Id, string Name, string Hash, IReadOnlyList<string> Grants, DateTimeOffset Created, string CreatedBy)
{
    /// <summary>From when it is of no use; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; null: it was not. Revoked keys are kept, as answers to who had access when.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whether it opens anything at a moment.</summary>
    public bool IsValidAt(DateTimeOffset time) => Revoked is null && (Expires is null || time < Expires);
}
