using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Experiments;

namespace Slipway.Cli.Experiments;

/// <summary><c>slipway experiment</c>: plans experiments, and watches and stops those of a running server.</summary>
internal sealed class ExperimentCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CliTerminal _terminal;
    private readonly Argument<string> _name = new("NAME") { Description = "Name of an experiment." };
    private readonly Option<string> _file = new("--file", "-f") { Required = true, Description = "YAML or JSON: what slipway.yaml would have beneath the name.", HelpName = "FILE" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until it is over; status 1 unless it is concluded." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };
    private readonly Option<string> _format = new("--format") { Description = "html, md (default) or json.", DefaultValueFactory = _ => "md" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "File to write (default: standard output).", HelpName = "FILE" };
    private readonly Option<Uri?> _url = UriOption.ControlPlane();

    private ExperimentCommand(CliTerminal terminal)
    {
        _terminal = terminal;
        _format.AcceptOnlyFromAmong("html", "md", "json");
    }

    public static Command Create(CliTerminal terminal)
    {
        ExperimentCommand experiment = new(terminal);
        Command define = new("define", "Define an experiment on a running server; it begins at once unless it says 'start: manual'.") { experiment._name, experiment._file, experiment._json, experiment._url };
        define.SetAction(experiment.DefineAsync);
        Command delete = new("delete", "Delete an experiment that was defined by command and is over.") { experiment._name, experiment._url };
        delete.SetAction(experiment.DeleteAsync);
        Command status = new("status", "Show an experiment.") { experiment._name, experiment._wait, experiment._json, experiment._url };
        status.SetAction(experiment.StatusAsync);
        Command list = new("list", "List experiments.") { experiment._json, experiment._url };
        list.SetAction(experiment.ListAsync);
        Command report = new("report", "Write an experiment's report: intervals, plots, decisions.") { experiment._name, experiment._format, experiment._output, experiment._url };
        report.SetAction(experiment.ReportAsync);
        return new Command("experiment", "Compare arms of an endpoint with tests that may be looked at.")
        {
            PlanCommand.Create(terminal),
            define,
            experiment.Steer("start", "Start an experiment that waits.", static (client, name, cancellationToken) => client.StartAsync(name, cancellationToken)),
            status,
            list,
            report,
            experiment.Steer("stop", "Stop an experiment; what it knows stays.", static (client, name, cancellationToken) => client.StopAsync(name, cancellationToken)),
            delete,
        };
    }

    private Command Steer(string name, string description, Func<ExperimentClient, string, CancellationToken, Task<ExperimentDescription>> action)
    {
        Command command = new(name, description) { _name, _json, _url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ExperimentClient client = Connect(parsed);
            return Show(parsed, await action(client, parsed.GetValue(_name)!, cancellationToken));
        });
        return command;
    }

    private async Task<int> DefineAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ExperimentClient client = Connect(parsed);
        string file = parsed.GetValue(_file)!;
        string definition = await File.ReadAllTextAsync(file, cancellationToken);
        try
        {
            return Show(parsed, await client.DefineAsync(parsed.GetValue(_name)!, definition, cancellationToken));
        }
        catch (SlipwayClientException refusal) when (refusal.Status == HttpStatusCode.BadRequest)
        {
            throw new CliException(ExitCode.BadInput, Culprit.Named(file, refusal.Message), refusal);
        }
    }

    private async Task<int> DeleteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ExperimentClient client = Connect(parsed);
        await client.DeleteAsync(parsed.GetValue(_name)!, cancellationToken);
        return ExitCode.Done;
    }

    private async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ExperimentClient client = Connect(parsed);
        string name = parsed.GetValue(_name)!;
        ExperimentDescription now = await client.GetAsync(name, cancellationToken);
        while (parsed.GetValue(_wait) && !now.IsOver)
        {
            await Task.Delay(Pause, _terminal.Time, cancellationToken);
            now = await client.GetAsync(name, cancellationToken);
        }

        Show(parsed, now);
        return parsed.GetValue(_wait) && now.Phase != "concluded" ? ExitCode.Failed : ExitCode.Done;
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ExperimentClient client = Connect(parsed);
        IReadOnlyList<ExperimentDescription> experiments = await client.ListAsync(cancellationToken);
        _terminal.Print(new ExperimentList(experiments), ExperimentTextJson.Default.ExperimentList, parsed.GetValue(_json), output =>
        {
            foreach (ExperimentDescription experiment in experiments)
            {
                output.WriteLine($"{experiment.Name}  {experiment.Endpoint}  {(experiment.Blocked ? "blocked" : experiment.Phase)}  {experiment.Reason}");
            }
        });
        return ExitCode.Done;
    }

    private async Task<int> ReportAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ExperimentClient client = Connect(parsed);
        string report = await client.ReportAsync(parsed.GetValue(_name)!, parsed.GetValue(_format)!, cancellationToken);
        if (parsed.GetValue(_output) is { } file)
        {
            await File.WriteAllTextAsync(file, report, cancellationToken);
        }
        else
        {
            await _terminal.Out.WriteLineAsync(report.AsMemory(), cancellationToken);
        }

        return ExitCode.Done;
    }

    private int Show(ParseResult parsed, ExperimentDescription experiment)
    {
        _terminal.Print(experiment, ExperimentTextJson.Default.ExperimentDescription, parsed.GetValue(_json), output => Write(output, experiment));
        return ExitCode.Done;
    }

    private static void Write(TextWriter output, ExperimentDescription experiment)
    {
        output.WriteLine($"{experiment.Name} on {experiment.Endpoint}");
        Line(output, "phase", $"{experiment.Phase}: {experiment.Reason}");
        if (experiment.Blocked)
        {
            Line(output, "BLOCKED", string.Create(CultureInfo.InvariantCulture, $"units are not divided as planned (p = {experiment.SharesPValue:0.######}): nothing is concluded"));
        }

        foreach (ExperimentArmBody arm in experiment.Arms)
        {
            Line(output, arm.Name, string.Create(CultureInfo.InvariantCulture, $"{arm.Units} units{(arm.Verdict is null ? "" : $", {arm.Verdict}")}"));
        }

        foreach (ExperimentComparisonBody one in experiment.Comparisons)
        {
            Line(output, one.Role, string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Metric}, {one.Arm}: {Number(one.Value)} against {Number(one.ControlValue)}, difference {Number(one.Difference)} ({Number(one.Low)} to {Number(one.High)}), {one.Verdict}"));
        }
    }

    private ExperimentClient Connect(ParseResult parsed) => new(parsed.GetValue(_url) ?? ServerAddress.Admin);

    private static string Number(double? value) => value is { } known ? known.ToString("0.#####", CultureInfo.InvariantCulture) : "?";

    private static void Line(TextWriter output, string key, string value) => output.WriteLine($"  {key,-14}{value}");
}

/// <summary>JSON of the command, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExperimentDescription))]
[JsonSerializable(typeof(ExperimentList))]
internal sealed partial class ExperimentTextJson : JsonSerializerContext;
