namespace Slipway.Security.Limits;

/// <summary>So much in so long.</summary>
/// <param name="Amount">How much, 1 or more; all of it may be taken at once.</param>
/// <param name="Window">In how long it comes back, evenly.</param>
public readonly record struct Rate(long Amount, TimeSpan Window);
