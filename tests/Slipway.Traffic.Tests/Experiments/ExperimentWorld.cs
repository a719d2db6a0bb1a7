using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Experiments;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Experiments;

/// <summary>An endpoint with two arms, an experiment on it, entities that ask and report, and virtual time.</summary>
internal sealed class ExperimentWorld : IAsyncDisposable
{
    public static readonly MetricDefinition Conversion = new() { Name = "conversion", Kind = MetricKind.Rate };

    private readonly TrafficFixture _traffic = new();
    private readonly IExperimentStore _store;
    private int _next;

    public ExperimentWorld(ExperimentDefinition? definition = null, IExperimentStore? store = null, double next = 50)
    {
        Definition = definition ?? Define();
        _store = store ?? new MemoryExperimentStore();
        _traffic.Service.Put(TrafficFixture.Endpoint(next));
        Experiments = New();
    }

    public static ExperimentDefinition Define() => new()
    {
        Name = "trial",
        Endpoint = "scoring",
        Metrics = [Conversion],
        Primary = "conversion",
        MinimalEffect = 0.05,
    };

    public ExperimentDefinition Definition { get; set; }

    public ExperimentService Experiments { get; private set; }

    public FakeTimeProvider Time => _traffic.Time;

    public FakeInference Inference => _traffic.Inference;

    public TrafficFixture Traffic => _traffic;

    public ExperimentState State => Experiments.Find("trial")!;

    public async Task StartAsync() => await Experiments.RestoreAsync(TestContext.Current.CancellationToken);

    public async Task RestartAsync()
    {
        await Experiments.DisposeAsync();
        Experiments = New();
        await StartAsync();
    }

    public Task LookAsync() => Experiments.LookAsync(TestContext.Current.CancellationToken);

    /// <summary>One entity asks; tells its arm.</summary>
    public async Task<string> AskAsync(string entity, ICallerAttributes? attributes = null)
    {
        using InferenceRequest request = TrafficFixture.Request(entity: entity, attributes: attributes);
        using InferenceResponse response = await Experiments.Wrap(_traffic.Service.Inference).InferAsync(request, TestContext.Current.CancellationToken);
        return response.Assignment!.Arm;
    }

    public bool Report(string entity, double value, string metric = "conversion") => Experiments.Take(new Feedback("scoring", metric, value) { EntityKey = entity });

    /// <summary>New entities ask and convert with the rates of their arms, with a look after every ten, until the experiment is over.</summary>
    public async Task RunAsync(int entities, double stable, double next, int seed = 1)
    {
        Random random = new(seed);
        for (int i = 1; i <= entities && State.Phase == ExperimentPhase.Running; i++)
        {
            string entity = $"e{_next++}";
            string arm = await AskAsync(entity);
            Report(entity, random.NextDouble() < (arm == "next" ? next : stable) ? 1 : 0);
            if (i % 10 == 0)
            {
                Time.Advance(TimeSpan.FromSeconds(10));
                await LookAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Experiments.DisposeAsync();
        await _traffic.DisposeAsync();
    }

    private ExperimentService New() => new(_traffic.Service, [Definition], _store, _traffic.Time, NullLogger<ExperimentService>.Instance);
}
