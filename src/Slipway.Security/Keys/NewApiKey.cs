namespace Slipway.Security.Keys;

/// <summary>A key that was just made.</summary>
/// <param name="Record">What is kept.</param>
/// <param name="Key">The key itself, to be shown once and kept nowhere.</param>
public sealed record NewApiKey(ApiKeyRecord Record, string Key)
{
    /// <summary>Its record; never the key, so that it gets into no log by mistake.</summary>
    public override string ToString() => Record.Id;
}
