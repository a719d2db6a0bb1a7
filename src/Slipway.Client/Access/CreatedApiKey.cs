namespace Slipway.Client.Access;

/// <summary>A key that was just made.</summary>
/// <param name="Key">The key itself, which nobody can show again.</param>
/// <param name="Description">What the server keeps.</param>
public sealed record CreatedApiKey(string Key, ApiKeyDescription Description)
{
    /// <summary>Its id; never the key.</summary>
    public override string ToString() => Description.Id;
}
