using System.Text.Json;
using Slipway.Bench.Baselines;
using Slipway.Bench.Load;
using Slipway.Bench.Measuring;
using Slipway.Bench.Models;
using Slipway.Bench.Processes;

namespace Slipway.Bench.Targets;

/// <summary>What every target needs: the programs, the models, the rounds.</summary>
internal sealed class BenchContext(string folder, string slipway, Rounds rounds, string? store)
{
    private static readonly string Self = Environment.ProcessPath!;

    /// <summary>Rounds to measure in.</summary>
    public Rounds Rounds { get; } = rounds;

    /// <summary>Models.</summary>
    public BenchModels Models { get; } = new(folder);

    /// <summary>Bodies of requests.</summary>
    public RequestBodies Bodies { get; } = new(folder);

    /// <summary>A folder for what a target leaves.</summary>
    public string Folder { get; } = folder;

    /// <summary>Where the large store is, or is made and kept for the next time.</summary>
    public string LargeStore { get; } = store ?? Path.Combine(folder, "large");

    /// <summary>The executable that is measured.</summary>
    public string Slipway { get; } = slipway;

    /// <summary>Starts a baseline: a sub-command of this program.</summary>
    public static Task<ServerProcess> StartBaselineAsync(string command) => ServerProcess.StartAsync(Self, [command]);

    /// <summary>Runs the engine alone.</summary>
    public async Task<EngineLoopResult> RunEngineAsync(BenchModel model, int rows, int callers)
    {
        EngineLoopPlan plan = new(model.File, model.Input, model.Shape(rows), callers, Rounds.Seconds);
        return JsonSerializer.Deserialize<EngineLoopResult>(await Tool.RunAsync(Self, plan.ToArguments()))!;
    }

    /// <summary>The better of one caller and one per core, medians over the rounds: what the engine can do at best.</summary>
    public async Task<EngineFigures> BestEngineAsync(BenchModel model, int rows)
    {
        List<EngineLoopResult> single = [];
        List<EngineLoopResult> many = [];
        for (int round = 0; round < Math.Min(3, Rounds.Count); round++)
        {
            single.Add(await RunEngineAsync(model, rows, 1));
            many.Add(await RunEngineAsync(model, rows, Environment.ProcessorCount));
        }

        return EngineFigures.Best(single, many);
    }

    /// <summary>Starts Slipway on free ports with a repository of models.</summary>
    public Task<ServerProcess> StartSlipwayAsync(string repository, params IReadOnlyList<string> extra) => StartSlipwayAsync(repository, null, extra);

    /// <summary>Starts Slipway on free ports with a repository of models and settings from the environment.</summary>
    public Task<ServerProcess> StartSlipwayAsync(string repository, IReadOnlyDictionary<string, string>? environment, params IReadOnlyList<string> extra) =>
        ServerProcess.StartAsync(
            Slipway,
            [
                "serve", "--models", repository, "--data", Path.Combine(Folder, Path.GetRandomFileName()),
                "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. extra,
            ],
            environment);

    /// <summary>Asks once and fails unless the answer is a prediction: load generators don't look.</summary>
    public static Task CheckAsync(LoadPlan plan) => plan.Http2 ? Probe.GrpcAsync(plan) : Probe.HttpAsync(plan);
}
