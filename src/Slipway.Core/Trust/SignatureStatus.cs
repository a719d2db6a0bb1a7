namespace Slipway.Core;

/// <summary>How a signature was found. Numbers are stored: never reuse or renumber one.</summary>
public enum SignatureStatus
{
    /// <summary>The policy does not look at signatures of this model.</summary>
    NotChecked = 0,

    /// <summary>By a trusted signer, and every file is as it was signed.</summary>
    Valid = 1,

    /// <summary>There is no signature; the policy lets it pass.</summary>
    Unsigned = 2,

    /// <summary>There is a signature that does not hold, or is nobody's that is trusted; the policy lets it pass with a warning.</summary>
    Invalid = 3,
}
