using Microsoft.Extensions.Logging;
using Slipway.Server.Options;

namespace Slipway.Server.Configuration;

/// <summary>Logs what the server was told, section by section, with secrets masked.</summary>
internal static partial class EffectiveSettings
{
    /// <summary>One entry for each section.</summary>
    public static void Log(ILogger logger, ServerOptions options)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        foreach (IGrouping<string, Setting> section in Settings.All.GroupBy(setting => setting.Key.Split('.')[0]))
        {
            LogSection(logger, string.Join(", ", section.Select(setting => $"{setting.Key} = {setting.Show(options)}")));
        }
    }

    [LoggerMessage(7001, LogLevel.Information, "Settings: {Settings}")]
    private static partial void LogSection(ILogger logger, string settings);
}
