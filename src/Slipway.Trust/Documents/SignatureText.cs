using Slipway.Core;

namespace Slipway.Trust.Documents;

/// <summary>What is known of a signature, in words.</summary>
internal static class SignatureText
{
    /// <summary>The words.</summary>
    public static string Of(SignatureVerdict verdict) => verdict.Status switch
    {
        SignatureStatus.Valid => $"valid, by {verdict.Method} {verdict.Signer}",
        SignatureStatus.Unsigned => "none",
        SignatureStatus.Invalid => $"not valid: {verdict.Problem}",
        _ => "not checked",
    };
}
