using Microsoft.Extensions.Options;

namespace Slipway.Protocols.Metrics;

/// <summary>Checks <see cref="SlipwayMetricsOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class SlipwayMetricsOptionsValidator : IValidateOptions<SlipwayMetricsOptions>;
