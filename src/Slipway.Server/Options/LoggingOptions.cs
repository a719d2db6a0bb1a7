using Microsoft.Extensions.Logging;
using Slipway.Security.Masking;

namespace Slipway.Server.Options;

/// <summary>What is logged, to standard error, and how.</summary>
public sealed class LoggingOptions
{
    /// <summary>Least severe entries that are written. Default Information: every change of state, no requests.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Default: one line of text an entry.</summary>
    public LogFormat Format { get; set; } = LogFormat.Text;

    /// <summary>Personal data that is left out of log entries. Default none is searched for.</summary>
    public PersonalDataKinds Mask { get; set; }

    /// <summary>Whether a line is written for every request but probes. Default false.</summary>
    public bool Access { get; set; }
}
