using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rewards;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Bench;

/// <summary>What routing adds to a request: the same call with and without an endpoint in front of a model that answers at once.</summary>
internal static class RoutingCost
{
    private const int Calls = 300_000;
    private const int Rounds = 7;
    private const int Rewards = 1000;

    /// <summary>Microseconds a request, median of the rounds, and bytes allocated.</summary>
    public static async Task<(double Direct, double Routed, long Bytes)> MeasureAsync(int rules)
    {
        return await MeasureAsync(new EndpointDefinition
        {
            Name = "endpoint",
            Arms = [new ArmDefinition { Name = "a", Model = "model", Weight = 90 }, new ArmDefinition { Name = "b", Model = "model", Weight = 10 }],
            Rules =
            [
                .. Enumerable.Range(0, rules).Select(static i => new RuleDefinition
                {
                    Name = $"r{i}",
                    Arm = "b",
                    Conditions = [new ConditionDefinition { Source = new KeySource(KeySourceKind.Header, $"X-{i % 4}"), In = [$"value-{i}"] }],
                }),
            ],
        });
    }

    /// <summary>The same of an endpoint that a bandit divides, a thousand rewards known.</summary>
    public static Task<(double Direct, double Routed, long Bytes)> MeasureAsync(BanditKind kind) => MeasureAsync(new EndpointDefinition
    {
        Name = "endpoint",
        Arms = [new ArmDefinition { Name = "a", Model = "model" }, new ArmDefinition { Name = "b", Model = "model" }, new ArmDefinition { Name = "c", Model = "model" }],
        Bandit = new BanditDefinition(kind)
        {
            Context = kind == BanditKind.LinUcb ? [.. Enumerable.Range(0, 4).Select(static i => new ContextField(new KeySource(KeySourceKind.Header, $"X-{i}")))] : [],
        },
    });

    private static async Task<(double Direct, double Routed, long Bytes)> MeasureAsync(EndpointDefinition endpoint)
    {
        InstantModel model = new();
        await using TrafficService traffic = new(model, model, new SeededRandom(1), TimeProvider.System);
        traffic.Put(endpoint);
        await TeachAsync(traffic);
        List<double> direct = [];
        List<double> routed = [];
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            direct.Add((await RunAsync(traffic.Inference, "model")).Microseconds);
            (double microseconds, bytes) = await RunAsync(traffic.Inference, "endpoint");
            routed.Add(microseconds);
        }

        direct.Sort();
        routed.Sort();
        return (direct[Rounds / 2], routed[Rounds / 2], bytes);
    }

    private static async Task TeachAsync(TrafficService traffic)
    {
        await using RewardService rewards = new(traffic, new MemorySharedRecords(), new MemoryDecisionStore(), TimeProvider.System, NullLogger<RewardService>.Instance);
        for (int i = 0; i < Rewards && rewards.HasWork; i++)
        {
            using InferenceRequest request = new() { ModelName = "endpoint", Id = $"r{i}", Inputs = [], Attributes = new Headers() };
            using InferenceResponse response = await traffic.Inference.InferAsync(request, CancellationToken.None);
            rewards.Take(new Feedback("endpoint", "reward", i % 2) { RequestId = $"r{i}" });
        }
    }

    private static async Task<(double Microseconds, long Bytes)> RunAsync(IInferenceService inference, string name)
    {
        using InferenceRequest request = new() { ModelName = name, Inputs = [], Attributes = new Headers() };
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            using InferenceResponse response = await inference.InferAsync(request, CancellationToken.None);
        }

        return (Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls, (GC.GetAllocatedBytesForCurrentThread() - allocated) / Calls);
    }

    private sealed class Headers : ICallerAttributes
    {
        private static readonly Dictionary<string, string> Values = new(StringComparer.OrdinalIgnoreCase)
        {
            ["X-0"] = "value-none",
            ["X-1"] = "value-none",
            ["X-2"] = "value-none",
            ["X-3"] = "value-none",
            ["Slipway-Entity"] = "customer-4711",
        };

        public string? Header(string name) => Values.GetValueOrDefault(name);

        public string? Claim(string type) => null;
    }
}
