namespace Slipway.Security.Tls;

/// <summary>Whether a listener asks clients for certificates.</summary>
public enum ClientCertificateMode
{
    /// <summary>They are not asked.</summary>
    None = 0,

    /// <summary>They are asked; those without one are let in and have to show who they are in another way.</summary>
    Allow = 1,

    /// <summary>Those without a good one get no connection.</summary>
    Require = 2,
}
