using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Tests.Routing;

/// <summary>Three versions of a model that answer with their number, and one of another model.</summary>
internal sealed class TrafficFixture : IAsyncDisposable
{
    public TrafficFixture(ulong seed = 1)
    {
        Inference = new FakeInference(Servable("fraud", 1), Servable("fraud", 2), Servable("fraud", 3), Servable("other", 9));
        Inference.Labels["fraud"] = new Dictionary<string, long> { ["champion"] = 1 };
        Service = new TrafficService(Inference, Inference, new SeededRandom(seed), Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeInference Inference { get; }

    public TrafficService Service { get; }

    public static EndpointDefinition Endpoint(double next = 10) => new()
    {
        Name = "scoring",
        Arms =
        [
            new ArmDefinition { Name = "stable", Model = "fraud", Version = VersionSelector.ByLabel("champion"), Weight = 100 - next },
            new ArmDefinition { Name = "next", Model = "fraud", Version = VersionSelector.Exact(2), Weight = next },
        ],
    };

    public static InferenceRequest Request(string name = "scoring", VersionSelector version = default, string? entity = null, ICallerAttributes? attributes = null, string id = "") => new()
    {
        Id = id,
        ModelName = name,
        Version = version,
        Inputs = [TestTensors.Floats("x", [1], 1)],
        EntityKey = entity,
        Attributes = attributes,
    };

    /// <summary>Asks, and tells the version that answered and why.</summary>
    public async Task<(long Version, RouteAssignment? Assignment)> AskAsync(InferenceRequest request)
    {
        using InferenceResponse response = await Service.Inference.InferAsync(request, TestContext.Current.CancellationToken);
        return (response.Servable.Version, response.Assignment);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private static FakeServable Servable(string name, long version) => new(
        name,
        [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1))],
        [new TensorSignature("y", TensorDataType.Int64, new TensorShape(-1))],
        _ => [TestTensors.Of("y", TensorDataType.Int64, [1], version)],
        version);
}

/// <summary>Headers and claims from a dictionary.</summary>
internal sealed class FakeAttributes(params (string Name, string Value)[] values) : ICallerAttributes
{
    public string? Header(string name) => values.FirstOrDefault(pair => string.Equals(pair.Name, name, StringComparison.OrdinalIgnoreCase)).Value;

    public string? Claim(string type) => values.FirstOrDefault(pair => pair.Name == "claim:" + type).Value;
}
