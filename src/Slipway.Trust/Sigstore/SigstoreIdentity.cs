namespace Slipway.Trust.Sigstore;

/// <summary>Somebody whom Sigstore's authority gave a certificate to.</summary>
/// <param name="Name">E-mail address, URI of a workflow, or name, exactly as the certificate has it.</param>
/// <param name="Issuer">Who vouched for the name: URL of the OpenID provider.</param>
public sealed record SigstoreIdentity(string Name, string Issuer);
