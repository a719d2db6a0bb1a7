namespace Slipway.Pmml;

/// <summary>How PMML documents are loaded.</summary>
public sealed class PmmlOptions
{
    /// <summary>
    /// Whether a model loads whose own verification records disagree with it (default false: it is refused). One model alone is let through with the engine's
    /// session option <c>pmml.verification</c> set to <c>ignore</c>.
    /// </summary>
    public bool IgnoreVerification { get; set; }
}
