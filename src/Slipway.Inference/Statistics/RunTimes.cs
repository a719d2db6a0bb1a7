namespace Slipway.Inference.Statistics;

/// <summary>Where the time of one run went, in ticks of the server's clock.</summary>
/// <param name="Input">Gathering inputs.</param>
/// <param name="Compute">Inside the engine.</param>
/// <param name="Output">Scattering outputs.</param>
internal readonly record struct RunTimes(long Input, long Compute, long Output);
