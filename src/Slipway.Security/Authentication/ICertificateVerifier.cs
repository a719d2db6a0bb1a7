using System.Security.Cryptography.X509Certificates;

namespace Slipway.Security.Authentication;

/// <summary>Says who a client certificate stands for. The chain was checked when the connection was made. Thread-safe.</summary>
public interface ICertificateVerifier
{
    /// <summary>Whose certificate it is.</summary>
    AuthenticationResult Verify(X509Certificate2 certificate);
}
