using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Slipway.Security.Masking;

namespace Slipway.Server.Logging;

/// <summary>
/// One line an entry, for people: time, level, category, event, message, and the error where there is one. What callers send gets into messages: control characters are shown
/// by their numbers, so that nobody can begin a line of their own or speak to the terminal, and personal data that the operator named is left out.
/// </summary>
internal sealed class TextLogFormatter(TimeProvider time, PersonalData personalData) : ConsoleFormatter(FormatterName)
{
    /// <summary>Name by which the console logger finds it.</summary>
    public const string FormatterName = "slipway-text";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        StringBuilder line = new(256);
        line.Append(time.GetUtcNow().UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        line.Append(CultureInfo.InvariantCulture, $" {Level(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        Append(line, personalData.Replace(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
        {
            line.Append(' ');
            Append(line, personalData.Replace(exception.ToString()));
        }

        textWriter.WriteLine(line);
    }

    private static void Append(StringBuilder line, string text)
    {
        foreach (char c in text.ReplaceLineEndings(" "))
        {
            // Beside control characters: what turns the direction of writing around, and what some viewers take for the end of a line.
            if (char.IsControl(c) || c is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                line.Append(c);
            }
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
