using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core;

namespace Slipway.Security.Tls;

/// <summary>
/// Which client certificates a listener takes: those whose chain ends in one of the operator's authorities and which are meant for clients. The system's own authorities don't
/// count: they vouch for anybody's web site. Revocation lists are not asked; certificates of programs ought to be short-lived.
/// </summary>
public sealed class ClientCertificatePolicy
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly ClientCertificateMode _mode;
    private readonly X509Certificate2Collection _authorities = [];

    /// <summary>A policy.</summary>
    /// <param name="mode">Whether certificates are asked for.</param>
    /// <param name="authoritiesFile">PEM file with the authorities' certificates.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: there is no certificate in the file.</exception>
    public ClientCertificatePolicy(ClientCertificateMode mode, string authoritiesFile)
    {
        _mode = mode;
        try
        {
            _authorities.ImportFromPemFile(authoritiesFile);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"no certificates of authorities can be read from '{authoritiesFile}': {fault.Message}", fault);
        }

        if (_authorities.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"there is no certificate in '{authoritiesFile}'");
        }
    }

    /// <summary>Adds the policy to the options of a handshake.</summary>
    public void Apply(SslServerAuthenticationOptions options)
    {
        options.ClientCertificateRequired = true;
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accept(certificate as X509Certificate2, chain);
    }

    /// <summary>Whether a handshake may go on.</summary>
    /// <param name="certificate">What the client presented; null: nothing.</param>
    /// <param name="presented">What came with it, from which intermediate authorities are taken.</param>
    internal bool Accept(X509Certificate2? certificate, X509Chain? presented)
    {
        if (certificate is null)
        {
            return _mode != ClientCertificateMode.Require;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
            foreach (X509ChainElement element in presented.ChainElements)
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        return chain.Build(certificate);
    }
}
