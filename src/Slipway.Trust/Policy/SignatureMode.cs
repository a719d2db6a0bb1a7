namespace Slipway.Trust.Policy;

/// <summary>What is asked of a model's signature.</summary>
public enum SignatureMode
{
    /// <summary>Nothing: signatures are not looked at.</summary>
    Allow = 0,

    /// <summary>A trusted signature; a model without one passes, and that is logged.</summary>
    Warn = 1,

    /// <summary>A trusted signature; a model without one is refused.</summary>
    Refuse = 2,
}
