using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Slipway.Protocols.OpenInference.Settings;

/// <summary>The least severe level that the server logs; may be changed while it runs. Safe for use by many threads.</summary>
public sealed class LogThreshold
{
    private ConfigurationReloadToken _next = new();

    /// <summary>Begins with the level of the configuration.</summary>
    public LogThreshold(LogLevel level) => Level = level;

    /// <summary>The level now; <see cref="LogLevel.None"/>: nothing is logged.</summary>
    public LogLevel Level { get; private set; }

    /// <summary>Tells of the next change.</summary>
    public IChangeToken GetChangeToken() => Volatile.Read(ref _next);

    /// <summary>Sets the level, and tells whoever waits for a change.</summary>
    public void Set(LogLevel level)
    {
        Level = level;
        Interlocked.Exchange(ref _next, new ConfigurationReloadToken()).OnReload();
    }
}
