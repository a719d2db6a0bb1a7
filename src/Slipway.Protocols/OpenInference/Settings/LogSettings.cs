using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Protocols.OpenInference.Settings;

/// <summary>
/// Triton's logging extension over one threshold: a level is logged together with all that are more severe. Verbose level 1 is debug, 2 and more trace. Where logs go and
/// how they look is the operator's to say.
/// </summary>
internal sealed class LogSettings(ILoggerFactory loggers, LogThreshold? threshold = null)
{
    private const string Category = "Slipway";
    private const uint MostVerbose = 2;

    /// <summary>All settings in Triton's order.</summary>
    public IReadOnlyList<KeyValuePair<string, ParameterValue>> Read()
    {
        LogLevel level = Current();
        return
        [
            new("log_file", ParameterValue.Of("")),
            new("log_info", ParameterValue.Of(level <= LogLevel.Information)),
            new("log_warning", ParameterValue.Of(level <= LogLevel.Warning)),
            new("log_error", ParameterValue.Of(level <= LogLevel.Error)),
            new("log_verbose_level", ParameterValue.Of((long)VerboseOf(level))),
            new("log_format", ParameterValue.Of("default")),
        ];
    }

    /// <summary>Changes the settings that are given, all or none.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/> for an unknown setting, an impossible value, or settings that contradict each other;
    /// <see cref="ErrorCode.NotSupported"/> for what can't be changed.
    /// </exception>
    public void Change(IReadOnlyCollection<KeyValuePair<string, ParameterValue>> settings)
    {
        if (settings.Count == 0)
        {
            return;
        }

        if (threshold is null)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "log settings can't be changed here");
        }

        LogLevel level = threshold.Level;
        foreach ((string name, ParameterValue value) in settings)
        {
            level = Apply(level, name, value);
        }

        foreach ((string name, ParameterValue value) in settings)
        {
            if (Apply(level, name, value) != level)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"'{name}' contradicts another setting of the request: a level is logged together with all that are more severe");
            }
        }

        threshold.Set(level);
    }

    private static LogLevel Apply(LogLevel level, string name, ParameterValue value) => name switch
    {
        "log_info" => Switch(level, LogLevel.Information, Bool(name, value)),
        "log_warning" => Switch(level, LogLevel.Warning, Bool(name, value)),
        "log_error" => Switch(level, LogLevel.Error, Bool(name, value)),
        "log_verbose_level" => Verbose(level, Count(name, value)),
        "log_file" when value is { Kind: ParameterKind.String, Text.Length: 0 } => level,
        "log_file" => throw new SlipwayException(ErrorCode.NotSupported, "'log_file' can't be changed: logs go to the server's standard error"),
        "log_format" when value is { Kind: ParameterKind.String, Text: "default" } => level,
        "log_format" => throw new SlipwayException(ErrorCode.NotSupported, "'log_format' can't be changed by callers; the server's configuration has it"),
        _ => throw new SlipwayException(
            ErrorCode.InvalidRequest, $"unknown log setting '{name}'; there are log_info, log_warning, log_error and log_verbose_level"),
    };

    private static LogLevel Switch(LogLevel level, LogLevel which, bool on) =>
        on ? (LogLevel)Math.Min((int)level, (int)which) : (LogLevel)Math.Max((int)level, (int)which + 1);

    private static LogLevel Verbose(LogLevel level, ulong verbosity) => verbosity switch
    {
        0 => (LogLevel)Math.Max((int)level, (int)LogLevel.Information),
        1 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };

    private static uint VerboseOf(LogLevel level) => level switch
    {
        LogLevel.Trace => MostVerbose,
        LogLevel.Debug => 1,
        _ => 0,
    };

    private static bool Bool(string name, ParameterValue value) => value.Kind == ParameterKind.Bool
        ? value.Bool
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"log setting '{name}' must be true or false");

    private static ulong Count(string name, ParameterValue value) => value.Kind switch
    {
        ParameterKind.Int64 when value.Int64 >= 0 => (ulong)value.Int64,
        ParameterKind.UInt64 => value.UInt64,
        _ => throw new SlipwayException(ErrorCode.InvalidRequest, $"log setting '{name}' must be an integer of 0 or more"),
    };

    private LogLevel Current()
    {
        if (threshold is not null)
        {
            return threshold.Level;
        }

        ILogger logger = loggers.CreateLogger(Category);
        return Enum.GetValues<LogLevel>().FirstOrDefault(logger.IsEnabled, LogLevel.None);
    }
}
