using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Client.Rollouts;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway rollout</c>: starts, watches and steers rollouts of a running server.</summary>
internal sealed class RolloutCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CliTerminal _terminal;
    private readonly Argument<string> _endpoint = new("ENDPOINT") { Description = "Name of an endpoint or model." };
    private readonly Argument<string> _rollout = new("ROLLOUT") { Description = "Id of a rollout, or the endpoint: its latest." };
    private readonly Option<long> _to = new("--to") { Required = true, Description = "Number of the new version.", HelpName = "VERSION" };
    private readonly Option<string?> _plan = new("--plan") { Description = "canary (default), blue-green, shadow-first, immediate; custom with --file." };
    private readonly Option<string?> _file = new("--file") { Description = "JSON with steps and policy, as POST /api/v1/rollouts takes them.", HelpName = "FILE" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until it is over; status 1 unless it is promoted." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };
    private readonly Option<bool> _counts = new("--counts") { Description = "Also events that tell nothing but what was counted." };
    private readonly Option<int> _limit = new("--limit") { Description = "Most events, the latest (default 100; up to 1000).", DefaultValueFactory = _ => 100, HelpName = "N" };
    private readonly Option<Uri?> _url = UriOption.ControlPlane();

    private RolloutCommand(CliTerminal terminal) => _terminal = terminal;

    public static Command Create(CliTerminal terminal)
    {
        RolloutCommand rollout = new(terminal);
        Command start = new("start", "Bring a new version into service, step by step.") { rollout._endpoint, rollout._to, rollout._plan, rollout._file, rollout._wait, rollout._json, rollout._url };
        start.SetAction(rollout.StartAsync);
        Command status = new("status", "Show a rollout.") { rollout._rollout, rollout._wait, rollout._json, rollout._url };
        status.SetAction(rollout.StatusAsync);
        Command list = new("list", "List rollouts, latest first.") { rollout._json, rollout._url };
        list.SetAction(rollout.ListAsync);
        Command events = new("events", "Show what happened to a rollout, with the evidence.") { rollout._rollout, rollout._counts, rollout._limit, rollout._json, rollout._url };
        events.SetAction(rollout.EventsAsync);
        return new Command("rollout", "Bring new versions into service, and back.")
        {
            start,
            status,
            list,
            events,
            rollout.Steer("promote", "Go to the next step now, or approve it."),
            rollout.Steer("pause", "Stay at the present step; harm still rolls back."),
            rollout.Steer("resume", "Go on."),
            rollout.Steer("abort", "Give the old version everything again."),
        };
    }

    private Command Steer(string name, string description)
    {
        Command command = new(name, description) { _rollout, _json, _url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RolloutClient client = Connect(parsed);
            return Show(parsed, await client.CommandAsync(parsed.GetValue(_rollout)!, name, cancellationToken));
        });
        return command;
    }

    private async Task<int> StartAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RolloutRequest request = new(parsed.GetValue(_endpoint)!, parsed.GetValue(_to)) { Plan = parsed.GetValue(_plan) };
        if (parsed.GetValue(_file) is { } file)
        {
            request = Read(file) with { Endpoint = request.Endpoint, To = request.To, Plan = request.Plan ?? "custom" };
        }

        using RolloutClient client = Connect(parsed);
        RolloutDescription rollout = await client.StartAsync(request, cancellationToken);
        return parsed.GetValue(_wait) ? await WaitAsync(parsed, client, rollout.Id, cancellationToken) : Show(parsed, rollout);
    }

    private async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using RolloutClient client = Connect(parsed);
        string rollout = parsed.GetValue(_rollout)!;
        return parsed.GetValue(_wait) ? await WaitAsync(parsed, client, rollout, cancellationToken) : Show(parsed, await client.GetAsync(rollout, cancellationToken));
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using RolloutClient client = Connect(parsed);
        IReadOnlyList<RolloutDescription> rollouts = await client.ListAsync(cancellationToken);
        _terminal.Print(new RolloutList(rollouts), RolloutText.Json.RolloutList, parsed.GetValue(_json), output =>
        {
            foreach (RolloutDescription rollout in rollouts)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rollout.Id}  {rollout.Model}:{rollout.From} to {rollout.To}  {rollout.Plan}  {rollout.Phase}  {rollout.Reason}"));
            }
        });
        return ExitCode.Done;
    }

    private async Task<int> EventsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using RolloutClient client = Connect(parsed);
        RolloutEventList events = await client.GetEventsAsync(parsed.GetValue(_rollout)!, parsed.GetValue(_counts), parsed.GetValue(_limit), cancellationToken);
        _terminal.Print(events, RolloutText.Json.RolloutEventList, parsed.GetValue(_json), output => RolloutText.Write(output, events));
        return ExitCode.Done;
    }

    private async Task<int> WaitAsync(ParseResult parsed, RolloutClient client, string rollout, CancellationToken cancellationToken)
    {
        RolloutDescription now = await client.GetAsync(rollout, cancellationToken);
        while (!now.IsOver)
        {
            await Task.Delay(Pause, _terminal.Time, cancellationToken);
            now = await client.GetAsync(now.Id, cancellationToken);
        }

        Show(parsed, now);
        return now.Phase == "promoted" ? ExitCode.Done : ExitCode.Failed;
    }

    private int Show(ParseResult parsed, RolloutDescription rollout)
    {
        _terminal.Print(rollout, RolloutText.Json.RolloutDescription, parsed.GetValue(_json), output => RolloutText.Write(output, rollout));
        return ExitCode.Done;
    }

    private RolloutClient Connect(ParseResult parsed) => new(parsed.GetValue(_url) ?? ServerAddress.Admin);

    private static RolloutRequest Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), RolloutText.Strict.RolloutRequest) ?? throw new JsonException("null");
        }
        catch (JsonException fault)
        {
            throw new CliException(ExitCode.BadInput, $"{file}: {fault.Message}", fault);
        }
    }
}
