using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway version</c>: what is installed.</summary>
internal static class VersionCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Command command = new("version", "Print the version of Slipway and of what it runs on.");
        command.SetAction(_ =>
        {
            terminal.Out.WriteLine($"slipway {Product} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Product => typeof(VersionCommand).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
