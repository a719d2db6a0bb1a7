namespace Slipway.Trust.Audit;

/// <summary>The first thing that is wrong with a log.</summary>
/// <param name="Entry">Number of the entry that is altered or missing.</param>
/// <param name="Problem">What is wrong, a sentence that names the entry.</param>
public sealed record AuditFault(long Entry, string Problem);
