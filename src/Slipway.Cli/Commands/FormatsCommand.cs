using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Support;
using Slipway.Cli.Terminal;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Server.Hosting;
using Spectre.Console;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway formats</c>: which model files are taken, and what of each format.</summary>
internal static class FormatsCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string?> name = new("FORMAT") { Arity = ArgumentArity.ZeroOrOne, Description = "Show everything that this format supports (default: all formats, in short)." };
        Option<bool> json = new("--json") { Description = "Print everything as JSON." };
        Option<bool> markdown = new("--markdown") { Description = "Print everything as the page of the documentation." };
        Command command = new("formats", "Show which model files are served, and what each format supports.") { name, json, markdown };
        command.SetAction(parsed =>
        {
            IReadOnlyList<FormatEntry> formats = Select(All(), parsed.GetValue(name));
            if (parsed.GetValue(json) && parsed.GetValue(markdown))
            {
                throw new CliException(ExitCode.Usage, "--json and --markdown exclude each other");
            }

            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(formats, FormatsJson.Default.IReadOnlyListFormatEntry));
            }
            else if (parsed.GetValue(markdown))
            {
                terminal.Out.Write(SupportPage.Write(formats));
            }
            else if (parsed.GetValue(name) is null)
            {
                WriteTable(terminal, formats);
            }
            else
            {
                WriteOne(terminal, formats[0]);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static IReadOnlyList<FormatEntry> All()
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
        return FormatEntry.Of(services.GetRequiredService<ModelFormats>());
    }

    private static IReadOnlyList<FormatEntry> Select(IReadOnlyList<FormatEntry> formats, string? name)
    {
        if (name is null)
        {
            return formats;
        }

        return formats.FirstOrDefault(format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? [found]
            : throw new CliException(ExitCode.Usage, $"there is no format '{name}'; there are {string.Join(", ", formats.Select(static format => format.Name))}");
    }

    private static void WriteTable(CliTerminal terminal, IReadOnlyList<FormatEntry> formats)
    {
        Table table = new Table().Border(Plain.Border(terminal)).AddColumns("format", "files", "served", "parts");
        foreach (FormatEntry format in formats)
        {
            string parts = format.Support.Serving == FormatServing.NotServed
                ? string.Join("; ", format.Support.Limits)
                : string.Join(", ", format.Support.Groups.Select(static group => string.Create(CultureInfo.InvariantCulture, $"{group.Items.Count} {group.Kind}")));
            table.AddRow(Markup.Escape(format.Name), Markup.Escape(format.Description), SupportWords.Of(format.Support.Serving), Markup.Escape(parts));
        }

        Plain.Console(terminal).Write(table);
    }

    private static void WriteOne(CliTerminal terminal, FormatEntry format)
    {
        IAnsiConsole console = Plain.Console(terminal);
        console.WriteLine($"{format.Name}: {format.Description}, {SupportWords.Of(format.Support.Serving)}");
        foreach (string line in format.Support.Tested.Select(static tested => $"tested with {tested}").Concat(format.Support.Limits))
        {
            console.WriteLine($"- {line}");
        }

        foreach (SupportGroup group in format.Support.Groups)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Items.Count} {group.Kind}:"));
            foreach (SupportedItem item in group.Items)
            {
                string tested = item.Tested.Length == 0 ? "" : $" (tested with {item.Tested})";
                console.WriteLine($"  {item.Name}{(item.Limits.Length == 0 ? "" : $": {item.Limits}")}{tested}");
            }
        }
    }
}
