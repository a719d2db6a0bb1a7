using System.Diagnostics;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Bench;

/// <summary>What routing adds to a request: the same call with and without an endpoint in front of a model that answers at once.</summary>
internal static class RoutingCost
{
    private const int Calls = 300_000;
    private const int Rounds = 7;

    /// <summary>Microseconds a request, median of the rounds, and bytes allocated.</summary>
    public static async Task<(double Direct, double Routed, long Bytes)> MeasureAsync(int rules)
    {
        InstantModel model = new();
        await using TrafficService traffic = new(model, model, new SeededRandom(1), TimeProvider.System);
        traffic.Put(new EndpointDefinition
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
