namespace Slipway.Core;

/// <summary>Who changes something and why; every change of the registry is recorded with it. The store adds the time.</summary>
/// <param name="Actor">Identity of the caller, as authentication named it; <c>anonymous</c> where nobody has to say.</param>
/// <param name="Reason">Why, in the caller's words; null when nothing was said.</param>
public sealed record ChangeContext(string Actor, string? Reason = null);
