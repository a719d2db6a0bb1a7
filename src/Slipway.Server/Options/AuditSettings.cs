namespace Slipway.Server.Options;

/// <summary>The audit log.</summary>
public sealed class AuditSettings
{
    /// <summary>File with the private key that checkpoints of the log are signed with, in PEM; null (default): one is made in the data folder.</summary>
    public string? Key { get; set; }
}
