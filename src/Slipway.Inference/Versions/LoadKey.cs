using Slipway.Core;

namespace Slipway.Inference.Versions;

/// <summary>What a version was, or would be, built from: the same bytes and the same configuration build the same servable.</summary>
internal readonly record struct LoadKey(string ChangeToken, ModelConfig Config)
{
    public bool Equals(LoadKey other) => ChangeToken == other.ChangeToken && ConfigEquivalence.BuildsTheSame(Config, other.Config);

    public override int GetHashCode() => ChangeToken.GetHashCode(StringComparison.Ordinal);
}
