namespace Slipway.Inference.Versions;

/// <summary>A version as the planner sees it.</summary>
/// <param name="Version">Its number.</param>
/// <param name="IsReady">It answers requests.</param>
/// <param name="IsCurrent">It answers, and was built from what is wished now.</param>
/// <param name="IsRefused">Building what is wished now has failed, and nothing says to try again.</param>
internal readonly record struct VersionView(long Version, bool IsReady, bool IsCurrent, bool IsRefused)
{
    /// <summary>A label, or requests without a version, go to it until the version that they are meant for is in service.</summary>
    public bool IsHeld { get; init; }
}
