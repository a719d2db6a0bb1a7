namespace Slipway.Inference.Scheduling;

/// <summary>What waits, as the policy sees it: the requests that could run together with the one at the head.</summary>
/// <param name="Rows">Rows of these requests.</param>
/// <param name="OldestAge">How long the oldest of them has waited.</param>
/// <param name="ArrivalGap">Average time between requests of late; zero when not known.</param>
internal readonly record struct QueueSnapshot(long Rows, TimeSpan OldestAge, TimeSpan ArrivalGap);
