namespace Slipway.Traffic.Arms;

/// <summary>Why an arm is asked.</summary>
internal enum ArmUse
{
    /// <summary>The weights chose it: such requests are comparable between arms.</summary>
    Divided,

    /// <summary>A rule, a holdout, a layer or the caller chose it.</summary>
    Chosen,

    /// <summary>It stands in for an arm that failed.</summary>
    StandIn,
}
