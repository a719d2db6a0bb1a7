using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core;
using Slipway.Security.Secrets;

namespace Slipway.Security.Tls;

/// <summary>A listener's certificate on disk: PEM (a certificate with its chain, and a key, which may be encrypted) or PKCS #12.</summary>
/// <param name="Certificate">The certificate's file, or the PKCS #12 file.</param>
/// <param name="Key">The key's PEM file; empty for PKCS #12.</param>
/// <param name="Password">Of the key or the PKCS #12 file; null: none.</param>
public sealed record ServerCertificate(string Certificate, string Key, SecretReference? Password)
{
    /// <summary>Changes whenever the files do; empty while one of them is missing.</summary>
    public string Stamp => StampOf(Certificate) is { } certificate && (Key.Length == 0 ? "" : StampOf(Key)) is { } key ? certificate + key : "";

    /// <summary>Reads the certificate with its key and chain.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming the files.</exception>
    public SslStreamCertificateContext Load()
    {
        try
        {
            return Key.Length == 0 ? LoadPkcs12() : LoadPem();
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            string files = Key.Length == 0 ? $"'{Certificate}'" : $"'{Certificate}' and '{Key}'";
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"no usable certificate and key in {files}: {fault.Message}", fault);
        }
    }

    private SslStreamCertificateContext LoadPem()
    {
        X509Certificate2 leaf = Password is null
            ? X509Certificate2.CreateFromPemFile(Certificate, Key)
            : X509Certificate2.CreateFromEncryptedPemFile(Certificate, Password.Read(), Key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(Certificate);
        return Context(leaf, chain);
    }

    private SslStreamCertificateContext LoadPkcs12()
    {
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12CollectionFromFile(Certificate, Password?.Read());
        X509Certificate2 leaf = all.FirstOrDefault(static certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("there is no private key in it");
        return Context(leaf, all);
    }

    // Offline: the chain is what the files hold; nothing is fetched to complete it.
    private static SslStreamCertificateContext Context(X509Certificate2 leaf, X509Certificate2Collection all) => SslStreamCertificateContext.Create(
        leaf, [.. all.Where(certificate => certificate.Thumbprint != leaf.Thumbprint)], offline: true);

    private static string? StampOf(string file)
    {
        FileInfo info = new(file);
        return info.Exists ? $"{info.LastWriteTimeUtc.Ticks}/{info.Length};" : null;
    }
}
