using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Slipway.Protocols.OpenInference.Settings;
using Slipway.Security.Masking;
using Slipway.Server.Listeners;
using Slipway.Server.Logging;
using Slipway.Server.Options;

namespace Slipway.Server.Hosting;

/// <summary>Logs go to standard error, so that standard output stays for the ready line.</summary>
internal static partial class ServerLogging
{
    public static void Configure(ILoggingBuilder logging, LoggingOptions options)
    {
        LogThreshold threshold = new(options.Level);
        logging.Services.AddSingleton(threshold);
        logging.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(new LogThresholdChanges(threshold));
        logging.Services.Configure<LoggerFilterOptions>(filter => Filter(filter, threshold.Level));
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        logging.Services.AddSingleton(new PersonalData(options.Mask));
        logging.Services.AddSingleton<ConsoleFormatter, JsonLogFormatter>();
        logging.Services.AddSingleton<ConsoleFormatter, TextLogFormatter>();
        logging.AddConsole(console => console.FormatterName = options.Format == LogFormat.Json ? JsonLogFormatter.FormatterName : TextLogFormatter.FormatterName);
    }

    private static void Filter(LoggerFilterOptions filter, LogLevel level)
    {
        filter.MinLevel = level;
        filter.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

        // While this category is on at any level, the host makes an activity and a scope for every request, whoever listens.
        filter.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    /// <summary>Says which listeners are open to other machines, as the operator allowed with <c>--insecure</c>.</summary>
    public static void WarnIfExposed(ILogger logger, ListenerSet listeners)
    {
        foreach (string listener in listeners.Exposed)
        {
            LogExposed(logger, listener);
        }
    }

    [LoggerMessage(7002, LogLevel.Warning, "Insecure: {Listener} can be reached from other machines without TLS and authentication by this server")]
    private static partial void LogExposed(ILogger logger, string listener);
}
