using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Scheduling;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Tests.Stress;

/// <summary>
/// Everything at once, at random: swaps, refused and passing faults, vanishing models, loading and unloading by hand, eviction, batches, caches, bounded queues, cancellation and
/// deadlines. Each request is answered once, by the version that it was meant for, or refused for a reason that there was; nothing is left behind.
/// </summary>
public sealed class ServingStressTests
{
    private const int MostRuns = 3;

    private static readonly ErrorCode[] OwnDoing = [ErrorCode.Cancelled, ErrorCode.DeadlineExceeded, ErrorCode.Overloaded, ErrorCode.ModelFailed];
    private static readonly ErrorCode[] NotThere = [ErrorCode.ModelNotReady, ErrorCode.ModelNotFound, ErrorCode.VersionNotFound];

    private readonly StressModels _models = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _answered;
    private int _refused;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public Task Requests_meet_changing_models(int seed, bool inline) => RunAsync(seed, inline, requests: 60);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(11, true)]
    [InlineData(12, false)]
    [InlineData(13, true)]
    [InlineData(14, false)]
    [InlineData(15, false)]
    public Task Many_requests_meet_changing_models(int seed, bool inline) => RunAsync(seed, inline, requests: 1500);

    private async Task RunAsync(int seed, bool inline, int requests)
    {
        Random random = new(seed);
        InferenceFixture fixture = new(services =>
        {
            services.Configure<LoadingOptions>(static options =>
            {
                options.MaxResidentModels = 8;
                options.ParallelLoads = 2;
                options.RetryDelay = TimeSpan.FromMilliseconds(1);
            });
            services.Configure<SchedulingOptions>(options =>
            {
                options.MaxConcurrentRuns = MostRuns;
                options.InlineThreshold = inline ? options.InlineThreshold : TimeSpan.Zero;
            });
        });
        fixture.Runtime.Define = _models.Define;
        StressUpdates updates = new(fixture, _models, new Random(random.Next()));
        updates.Begin();
        await fixture.StartAsync();

        Task[] clients = [.. Enumerable.Range(0, 6).Select(_ => random.Next()).ToArray().Select(start => Task.Run(() => AskAsync(fixture, updates, new Random(start), requests)))];
        Task all = Task.WhenAll(clients);
        Random own = new(random.Next());
        Task byHand = Task.Run(() => SteerAsync(fixture, all, own));
        while (!all.IsCompleted)
        {
            await updates.StepAsync();
        }

        await all;
        await byHand;
        await updates.EndAsync();

        await CheckAnswersAsync(fixture, updates);
        await CheckNothingIsLeftAsync(fixture);
        Assert.Empty(_wrong);
        Assert.Equal(6 * requests, _answered + _refused);
        Assert.True(_answered > requests, $"only {_answered} of {6 * requests} were answered");
    }

    private async Task AskAsync(InferenceFixture fixture, StressUpdates updates, Random random, int requests)
    {
        string[] names = [.. StressUpdates.Configs.Keys];
        for (int i = 0; i < requests; i++)
        {
            string name = names[random.Next(names.Length)];
            VersionSelector version = random.Next(4) switch
            {
                0 => VersionSelector.Exact(random.Next(1, 12)),
                1 when name == "all" => VersionSelector.ByLabel("stable"),
                _ => VersionSelector.Default,
            };
            using InferenceRequest request = new()
            {
                ModelName = name,
                Version = version,
                Inputs = [_models.Rows(random.Next(1, 11), random.Next(60) == 0 ? StressModels.Unlucky : random.Next(20, 26))],
                RequestedOutputs = random.Next(4) switch { 0 => ["double"], 1 => ["double", "sum"], 2 => ["sum"], _ => [] },
                Priority = random.Next(5),
                QueueTimeout = random.Next(10) == 0 ? TimeSpan.FromMicroseconds(random.Next(3000)) : null,
                Deadline = random.Next(10) == 0 ? TimeProvider.System.GetTimestamp() + random.Next(5_000_000) : null,
            };
            int floor = name == "steady" && version.Number is { } number ? updates.SteadyFloor(number) : 0;
            using CancellationTokenSource gone = new();
            if (random.Next(12) == 0)
            {
                gone.CancelAfter(TimeSpan.FromMilliseconds(random.Next(3)));
            }

            await AskOnceAsync(fixture, request, floor, gone.Token);
        }
    }

    private async Task AskOnceAsync(InferenceFixture fixture, InferenceRequest request, int floor, CancellationToken gone)
    {
        try
        {
            using InferenceResponse response = await fixture.Inference.InferAsync(request, gone);
            Interlocked.Increment(ref _answered);
            if (_models.Judge(request.ModelName, request.Inputs[0], response, out int content) is { } fault)
            {
                _wrong.Enqueue(fault);
            }

            if ((request.Version.Number ?? response.Servable.Version) != response.Servable.Version)
            {
                _wrong.Enqueue($"version {response.Servable.Version} answered for {request.ModelName}{request.Version}");
            }

            if (content != 0 && content < floor)
            {
                _wrong.Enqueue($"content {content} answered for {request.ModelName}{request.Version} after {floor} was in service");
            }
        }
        catch (SlipwayException refusal)
        {
            Interlocked.Increment(ref _refused);
            bool mayBeGone = request.ModelName != "steady" || request.Version.Number is not null;
            if (!OwnDoing.Contains(refusal.Code) && !(mayBeGone && NotThere.Contains(refusal.Code)))
            {
                _wrong.Enqueue($"{request.ModelName}{request.Version}: {refusal.Code} {refusal.Message}");
            }
        }
    }

    private static async Task SteerAsync(InferenceFixture fixture, Task until, Random random)
    {
        while (!until.IsCompleted)
        {
            try
            {
                await (random.Next(2) == 0
                    ? fixture.Control.LoadAsync("byhand", random.Next(2) == 0 ? null : new ModelConfig { Instances = 1 }, InferenceFixture.Token)
                    : fixture.Control.UnloadAsync("byhand", InferenceFixture.Token));
            }
            catch (SlipwayException refusal)
            {
                Assert.Contains(refusal.Code, new[] { ErrorCode.ModelNotFound, ErrorCode.InvalidModel, ErrorCode.Internal });
            }
        }
    }

    // Once nothing changes any more and what left service is free, every model answers by its newest content.
    private async Task CheckAnswersAsync(InferenceFixture fixture, StressUpdates updates)
    {
        ModelDirectory directory = fixture.Get<ModelDirectory>();
        await InferenceFixture.Until(() => fixture.Runtime.Models.Count(static model => !model.IsDisposed) == directory.Models.Values.Sum(static model => model.Serving.Ready.Count));
        foreach (string name in StressUpdates.Configs.Keys)
        {
            using InferenceRequest request = new() { ModelName = name, Inputs = [_models.Rows(3, 50)] };
            using InferenceResponse response = await fixture.Inference.InferAsync(request, InferenceFixture.Token);
            Assert.Null(_models.Judge(name, request.Inputs[0], response, out int content));
            Assert.Equal((name, updates.Newest(name).Number), (name, content));
        }
    }

    private async Task CheckNothingIsLeftAsync(InferenceFixture fixture)
    {
        ModelDirectory directory = fixture.Get<ModelDirectory>();
        VersionManager manager = fixture.Get<VersionManager>();
        RunPermits permits = fixture.Get<RunPermits>();
        await InferenceFixture.Until(() => directory.Models.Values.SelectMany(static model => model.Serving.Ready).All(static servable => servable.Leases == 0));
        await InferenceFixture.Until(() => manager.Budget.Count == fixture.Runtime.Models.Count(static model => !model.IsDisposed));
        Assert.All(fixture.Statistics.GetStatistics(null, null), static version => Assert.Equal(0, version.Pending));
        await InferenceFixture.Until(() => _models.LiveOutputs == 0);

        Assert.All(Enumerable.Range(0, MostRuns), _ => Assert.True(permits.TryTake()));
        Assert.False(permits.TryTake());
        Assert.All(Enumerable.Range(0, MostRuns), _ => permits.Return());

        await fixture.DisposeAsync();
        Assert.Equal((0, 0), (manager.Budget.Count, manager.Budget.Bytes));
        Assert.All(fixture.Runtime.Models, static model => Assert.True(model.IsDisposed));
        Assert.DoesNotContain(fixture.Runtime.Models, static model => model.WasMisused);
        Assert.Equal(0, _models.Faults);
    }
}
