namespace Slipway.Server.Options;

/// <summary>Receipts: signed statements about single answers.</summary>
public sealed class ReceiptSettings
{
    /// <summary>File with the private key that receipts are signed with, in PEM; null (default): one is made in the data folder.</summary>
    public string? Key { get; set; }
}
