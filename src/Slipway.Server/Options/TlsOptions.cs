namespace Slipway.Server.Options;

/// <summary>TLS of a listener. Both files are read at start.</summary>
public sealed class TlsOptions
{
    /// <summary>PEM file with the certificate, followed by intermediate certificates.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with the private key, not encrypted.</summary>
    public string Key { get; set; } = "";
}
