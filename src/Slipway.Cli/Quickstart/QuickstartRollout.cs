using System.Collections.Concurrent;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Client.Rollouts;
using Spectre.Console;

namespace Slipway.Cli.Quickstart;

/// <summary>Rolls out a version of the digits that was trained with mixed-up labels, under real requests: quick, sure of itself, wrong. The rollout rolls itself back.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="rowsFolder">Folder of the sample rows.</param>
/// <param name="addresses">The server's listeners.</param>
internal sealed class QuickstartRollout(CliTerminal terminal, string rowsFolder, IReadOnlyDictionary<string, Uri> addresses)
{
    private const string Model = "digits";
    private const long NewVersion = 2;
    private const int Clients = 4;
    private const int Afterwards = 200;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IAnsiConsole _console = Plain.Console(terminal);

    /// <summary>Starts the rollout, asks until it is over, and tells what happened.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        SampleRows rows = SampleRows.Read(rowsFolder, Model);
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]4. A new version that is wrong[/]");
        _console.MarkupLineInterpolated($"Somebody mixed up the labels before training digits:2. It answers as fast as digits:1, is as sure of itself, and never fails.");
        _console.MarkupLineInterpolated($"It is rolled out to a tenth of the requests, and gets copies of half of the others, whose answers are compared.");

        // Requests come once the rollout divides them: until then the newest version would answer a name without a version.
        using RolloutClient rollouts = new(addresses["admin"]);
        RolloutDescription rollout = await rollouts.StartAsync(Request(), cancellationToken);
        ConcurrentQueue<Answer> answers = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => AskAsync(rows, client, answers, stop.Token))];
        try
        {
            rollout = await WaitAsync(rollouts, rollout.Id, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }

        Tell(rollout, answers);
        await TellAfterwardsAsync(rows, cancellationToken);
    }

    private static RolloutRequest Request() => new(Model, NewVersion)
    {
        Steps =
        [
            new RolloutStepBody { Weight = 10, Shadow = 50, MinRequests = 100, MinTimeSeconds = 2 },
            new RolloutStepBody { Weight = 50, Shadow = 50, MinRequests = 500, MinTimeSeconds = 5, Prove = true },
        ],
    };

    private async Task<RolloutDescription> WaitAsync(RolloutClient rollouts, string id, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        RolloutDescription rollout;
        while (!(rollout = await rollouts.GetAsync(id, patience.Token)).IsOver)
        {
            await Task.Delay(Pause, terminal.Time, patience.Token);
        }

        return rollout;
    }

    private async Task AskAsync(SampleRows rows, int first, ConcurrentQueue<Answer> answers, CancellationToken cancellationToken)
    {
        using SlipwayClient client = new(addresses["http"]);
        for (int i = first; !cancellationToken.IsCancellationRequested; i++)
        {
            try
            {
                answers.Enqueue(await AskOnceAsync(client, rows, i % rows.Values.Count, cancellationToken));
                await Task.Delay(Rest, terminal.Time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SlipwayClientException)
            {
                answers.Enqueue(new Answer("", false));
            }
        }
    }

    private static async Task<Answer> AskOnceAsync(SlipwayClient client, SampleRows rows, int row, CancellationToken cancellationToken)
    {
        InferResult answer = await client.InferAsync(new InferCall(Model, [ClientTensor.Of("pixels", [1, 64], rows.Values[row])]), cancellationToken);
        return new Answer(answer.Version, Convert.ToString(answer["label"][0], CultureInfo.InvariantCulture) == rows.Truth[row]);
    }

    private void Tell(RolloutDescription rollout, ConcurrentQueue<Answer> answers)
    {
        double seconds = (rollout.Ended!.Value - rollout.Started).TotalSeconds;
        _console.WriteLine();
        _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"After {seconds:0.0} seconds the rollout is over: [bold]{rollout.Phase}[/]");
        _console.MarkupLineInterpolated($"  because of {rollout.Reason}");
        if (rollout.Findings.FirstOrDefault(static finding => finding.Harm) is { } harm)
        {
            _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  that is: {harm.New:0 %} of the compared answers differ where {harm.Old:0 %} may. Were it harmless, evidence like this would come up in");
            _console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  at most one of {harm.Evidence:#,0} rollouts, however often one looks (it looks four times a second).");
        }

        Table table = new Table().Border(Plain.Border(terminal)).AddColumns("version", "requests answered", "right");
        foreach (IGrouping<string, Answer> version in answers.Where(static one => one.Version.Length > 0).GroupBy(static one => one.Version).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            table.AddRow($"{Model}:{version.Key}", version.Count().ToString(CultureInfo.InvariantCulture), version.Average(static one => one.IsRight ? 1 : 0).ToString("0 %", CultureInfo.InvariantCulture));
        }

        _console.Write(table);
        _console.MarkupLineInterpolated($"{answers.Count(static one => one.Version.Length == 0)} of {answers.Count} requests failed; the comparison needed no labels.");
    }

    private async Task TellAfterwardsAsync(SampleRows rows, CancellationToken cancellationToken)
    {
        using SlipwayClient client = new(addresses["http"]);
        int old = 0;
        for (int i = 0; i < Afterwards; i++)
        {
            old += (await AskOnceAsync(client, rows, i % rows.Values.Count, cancellationToken)).Version == "1" ? 1 : 0;
        }

        _console.MarkupLineInterpolated($"Of {Afterwards} requests since then {old} were answered by digits:1.");
    }

    /// <summary>An answer: the version, empty for a failure, and whether it was right.</summary>
    private readonly record struct Answer(string Version, bool IsRight);
}
