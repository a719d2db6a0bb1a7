using Slipway.Security.Secrets;
using Slipway.Security.Tls;

namespace Slipway.Server.Options;

/// <summary>TLS of a listener. The files are read at start, and again when they have changed.</summary>
public sealed class TlsOptions
{
    /// <summary>PEM file with the certificate, followed by intermediate certificates; or a PKCS #12 file (<c>.pfx</c>, <c>.p12</c>) with everything.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with the private key; empty (default) for PKCS #12.</summary>
    public string Key { get; set; } = "";

    /// <summary>Password of the key or the PKCS #12 file; null (default): none.</summary>
    public SecretReference? Password { get; set; }

    /// <summary>Whether clients are asked for certificates. Default none.</summary>
    public ClientCertificateMode Clients { get; set; }

    /// <summary>PEM file with the authorities that client certificates must come from; empty (default) where none are asked for.</summary>
    public string ClientAuthorities { get; set; } = "";

    /// <summary>What is wrong with it; null: nothing.</summary>
    internal string? Fault => (Certificate.Length, Key.Length, Clients, ClientAuthorities.Length) switch
    {
        (0, _, _, _) => "a certificate is needed",
        (_, 0, _, _) when !IsPkcs12 => "both certificate and key are needed, or a certificate file ending in .pfx or .p12",
        (_, > 0, _, _) when IsPkcs12 => "a PKCS #12 file holds its key; leave the key out",
        (_, _, not ClientCertificateMode.None, 0) => "clientAuthorities is needed where clients are asked for certificates",
        (_, _, ClientCertificateMode.None, > 0) => "clientAuthorities is of use only with clients: allow or require",
        _ => null,
    };

    private bool IsPkcs12 => Certificate.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || Certificate.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);
}
