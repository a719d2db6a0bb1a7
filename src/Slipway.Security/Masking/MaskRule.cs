using Slipway.Security.Policies;

namespace Slipway.Security.Masking;

/// <summary>What becomes of the fields of some names.</summary>
/// <param name="Fields">Names of inputs, columns or headers.</param>
/// <param name="Action">What becomes of their values.</param>
public sealed record MaskRule(ModelPattern Fields, MaskAction Action)
{
    /// <summary>How many characters <see cref="MaskAction.Truncate"/> leaves. Default 4.</summary>
    public int Keep { get; init; } = 4;
}
