using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Slipway.Protocols.OpenInference.Settings;

namespace Slipway.Server.Logging;

/// <summary>Makes the filter of log entries anew when the threshold is changed.</summary>
internal sealed class LogThresholdChanges(LogThreshold threshold) : IOptionsChangeTokenSource<LoggerFilterOptions>
{
    /// <inheritdoc/>
    public string Name => Microsoft.Extensions.Options.Options.DefaultName;

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => threshold.GetChangeToken();
}
