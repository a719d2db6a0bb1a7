using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Terminal;
using Slipway.Client.Endpoints;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway endpoint</c>: looks at the endpoints of a running server, and asks what another division of their traffic would have earned.</summary>
internal sealed class EndpointCommand
{
    private readonly CliTerminal _terminal;
    private readonly Argument<string> _name = new("NAME") { Description = "Name of an endpoint." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };
    private readonly Option<Uri?> _url = UriOption.ControlPlane();
    private readonly Option<bool> _byContext = new("--by-context") { Description = "Each request to the arm of which a regression on its context expects most." };
    private readonly Option<Dictionary<string, double>?> _shares = new("--shares")
    {
        Description = "Percentages by arm, together 100, such as plain=20,bold=80.",
        HelpName = "ARM=PERCENT,…",
        CustomParser = ParseShares,
    };

    private EndpointCommand(CliTerminal terminal) => _terminal = terminal;

    public static Command Create(CliTerminal terminal)
    {
        EndpointCommand endpoint = new(terminal);
        Command list = new("list", "List endpoints and their arms.") { endpoint._json, endpoint._url };
        list.SetAction(endpoint.ListAsync);
        Command show = new("show", "Show an endpoint and what its arms do.") { endpoint._name, endpoint._json, endpoint._url };
        show.SetAction(endpoint.ShowAsync);
        Command evaluate = new("evaluate", "Tell what another division of a bandit's traffic would have earned.")
        {
            endpoint._name, endpoint._shares, endpoint._byContext, endpoint._json, endpoint._url,
        };
        evaluate.Validators.Add(endpoint.RequireOneDivision);
        evaluate.SetAction(endpoint.EvaluateAsync);
        return new Command("endpoint", "Look at endpoints, their arms and bandits.") { list, show, evaluate };
    }

    private static Dictionary<string, double>? ParseShares(ArgumentResult result)
    {
        Dictionary<string, double> shares = new(StringComparer.Ordinal);
        foreach (string part in result.Tokens.SelectMany(static token => token.Value.Split(',')))
        {
            int at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !double.TryParse(part.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double share) || !double.IsFinite(share) || !shares.TryAdd(part[..at], share))
            {
                result.AddError($"--shares: ARM=PERCENT is expected, each arm once, not '{part}'");
                return null;
            }
        }

        return shares;
    }

    private void RequireOneDivision(CommandResult result)
    {
        if (result.GetResult(_shares) is null == !result.GetValue(_byContext))
        {
            result.AddError("either --shares or --by-context is expected");
        }
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using EndpointClient client = Connect(parsed);
        IReadOnlyList<EndpointDescription> endpoints = await client.ListAsync(cancellationToken);
        _terminal.Print(new EndpointList(endpoints), EndpointTextJson.Default.EndpointList, parsed.GetValue(_json), output =>
        {
            foreach (EndpointDescription endpoint in endpoints)
            {
                output.WriteLine($"{endpoint.Name}  {string.Join(", ", endpoint.Arms.Select(arm => $"{arm.Name} {Number(arm.Reward?.Share ?? arm.Weight)}%"))}{(endpoint.Bandit is { } bandit ? $"  {bandit.Policy}" : "")}");
            }
        });
        return ExitCode.Done;
    }

    private async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using EndpointClient client = Connect(parsed);
        EndpointDescription endpoint = await client.GetAsync(parsed.GetValue(_name)!, cancellationToken);
        _terminal.Print(endpoint, EndpointTextJson.Default.EndpointDescription, parsed.GetValue(_json), output => Write(output, endpoint));
        return ExitCode.Done;
    }

    private static void Write(TextWriter output, EndpointDescription endpoint)
    {
        output.WriteLine(endpoint.Bandit is { } bandit ? $"{endpoint.Name}: {bandit.Policy} on {bandit.Metric}, {bandit.Logged} decisions logged" : endpoint.Name);
        foreach (ArmDescription arm in endpoint.Arms)
        {
            string share = arm.Reward is { } reward
                ? $"{Number(reward.Share)}%, {reward.Decisions} decisions, {reward.Rewards} rewards{(reward.Mean is { } mean ? $" of {Number(mean)}" : "")}"
                : $"{Number(arm.Weight)}%";
            string circuit = arm.Circuit is { } state and not "closed" ? $", circuit {state}" : "";
            Line(output, arm.Name, $"{arm.Model}  {share}, {arm.Requests} requests, {arm.Failures} failures{circuit}{(arm.Problem is { } problem ? $": {problem}" : "")}");
        }

        foreach (ShadowDescription shadow in endpoint.Shadows)
        {
            Line(output, shadow.Name, $"{shadow.Model}  shadow, {shadow.Copies} copies, {shadow.Dropped} dropped, {shadow.Disagreements} of {shadow.Rows} rows disagree");
        }
    }

    private async Task<int> EvaluateAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using EndpointClient client = Connect(parsed);
        EvaluationAnswer answer = await client.EvaluateAsync(parsed.GetValue(_name)!, new EvaluationRequest(parsed.GetValue(_shares), parsed.GetValue(_byContext)), cancellationToken);
        _terminal.Print(answer, EndpointTextJson.Default.EvaluationAnswer, parsed.GetValue(_json), output =>
        {
            output.WriteLine($"{answer.Decisions} decisions, worth {Number(answer.EffectiveDecisions)} of the other division's own");
            Line(output, "as it was", Text(answer.Logged));
            Line(output, "ips", Text(answer.Ips));
            Line(output, "snips", Text(answer.Snips));
            Line(output, "doubly robust", Text(answer.DoublyRobust));
        });
        return ExitCode.Done;
    }

    private EndpointClient Connect(ParseResult parsed) => new(parsed.GetValue(_url) ?? ServerAddress.Admin);

    private static string Text(RewardEstimate estimate) => $"{Number(estimate.Value)} ({Number(estimate.Low)} to {Number(estimate.High)})";

    private static string Number(double? value) => value is { } known ? known.ToString("0.####", CultureInfo.InvariantCulture) : "?";

    private static void Line(TextWriter output, string key, string value) => output.WriteLine($"  {key,-14}{value}");
}

/// <summary>JSON of the command, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointDescription))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(EvaluationAnswer))]
internal sealed partial class EndpointTextJson : JsonSerializerContext;
