using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Cli.Terminal;

/// <summary>Where a command writes to, and what kind of place that is.</summary>
internal sealed class CliTerminal
{
    /// <summary>Results go here.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors, warnings and progress go here.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Out"/> is looked at by a person, so that colours and tables may be drawn.</summary>
    public bool IsOutInteractive { get; init; }

    /// <summary>Whether <see cref="Error"/> is looked at by a person, so that progress bars may be drawn.</summary>
    public bool IsErrorInteractive { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Prints a result on <see cref="Out"/>: as one line of JSON where a machine reads it, in words for people.</summary>
    /// <param name="result">The result.</param>
    /// <param name="json">How it is written as JSON.</param>
    /// <param name="isJson">Whether JSON was asked for.</param>
    /// <param name="words">Writes it in words.</param>
    public void Print<T>(T result, JsonTypeInfo<T> json, bool isJson, Action<TextWriter> words)
    {
        if (isJson)
        {
            Out.WriteLine(JsonSerializer.Serialize(result, json));
        }
        else
        {
            words(Out);
        }
    }

    /// <summary>The terminal, or pipes, of this process.</summary>
    public static CliTerminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsOutInteractive = !Console.IsOutputRedirected,
        IsErrorInteractive = !Console.IsErrorRedirected,
    };
}
