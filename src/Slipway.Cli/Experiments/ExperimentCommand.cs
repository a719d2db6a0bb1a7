using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Experiments;

/// <summary><c>slipway experiment</c>: plans experiments.</summary>
internal static class ExperimentCommand
{
    public static Command Create(CliTerminal terminal) => new("experiment", "Compare arms of an endpoint with a test that may be looked at.") { PlanCommand.Create(terminal) };
}
