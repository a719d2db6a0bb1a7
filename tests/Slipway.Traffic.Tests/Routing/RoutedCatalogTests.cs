using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Tests.Routing;

public sealed class RoutedCatalogTests
{
    private readonly TrafficFixture _traffic = new();

    public RoutedCatalogTests() => _traffic.Service.Put(TrafficFixture.Endpoint());

    [Fact]
    public void An_endpoint_is_listed_like_a_model_with_its_arms_as_labels()
    {
        Assert.Equal(["fraud", "other", "scoring"], _traffic.Service.Catalog.GetModels().Select(model => model.Name));
        Assert.True(_traffic.Service.Catalog.TryGetModel("scoring", out ModelSnapshot? endpoint));
        Assert.Equal([2L, 1L], endpoint.Versions.Select(version => version.Version));
        Assert.Equal(1, endpoint.Labels["stable"]);
        Assert.Equal(2, endpoint.Labels["next"]);
    }

    [Theory]
    [InlineData(ServableState.Unknown, LoadPolicy.OnDemand, true)]
    [InlineData(ServableState.Unloaded, LoadPolicy.OnDemand, true)]
    [InlineData(ServableState.Failed, LoadPolicy.OnDemand, false)]
    [InlineData(ServableState.Loading, LoadPolicy.Eager, false)]
    public void An_endpoints_version_answers_when_a_request_for_its_arm_would_be_answered(ServableState state, LoadPolicy load, bool expected)
    {
        FakeServable lazy = new("lazy", [], [], static _ => [], version: 4, config: new ModelConfig { Load = load }) { State = state };
        FakeInference models = new(lazy);
        TrafficService traffic = new(models, models, new SeededRandom(1), new FakeTimeProvider());
        traffic.Put(new() { Name = "lazily", Arms = [new() { Name = "only", Model = "lazy", Weight = 100 }] });

        Assert.True(traffic.Catalog.TryGetModel("lazily", out ModelSnapshot? endpoint));

        VersionSnapshot version = Assert.Single(endpoint.Versions);
        Assert.Equal((4, expected), (version.Version, version.Answers));
        Assert.Equal(expected, ArmTargets.Problem(traffic.Catalog, "lazy", VersionSelector.Default) is null);
    }

    [Fact]
    public void An_arm_without_a_version_means_the_models_default_version()
    {
        ModelConfig config = new() { VersionPolicy = new VersionPolicy.All(), DefaultVersion = 2 };
        FakeInference models = new(Version(1), Version(2), Version(3));
        TrafficService traffic = new(models, models, new SeededRandom(1), new FakeTimeProvider());
        traffic.Put(new() { Name = "steady", Arms = [new() { Name = "only", Model = "m", Weight = 100 }] });

        Assert.True(traffic.Catalog.TryGetModel("steady", out ModelSnapshot? endpoint));
        Assert.Equal(2, endpoint.Labels["only"]);

        FakeServable Version(long number) => new("m", [], [], static _ => [], version: number, config: config);
    }

    [Fact]
    public async Task An_endpoints_signature_is_that_of_its_default_arm_under_its_own_name()
    {
        ServableInfo servable = await _traffic.Service.Catalog.GetServableAsync("scoring", VersionSelector.Default, TestContext.Current.CancellationToken);
        Assert.Equal(("scoring", 1L), (servable.ModelName, servable.Version));
        Assert.Same(servable, await _traffic.Service.Catalog.GetServableAsync("scoring", VersionSelector.ByLabel("stable"), TestContext.Current.CancellationToken));
        Assert.Equal(2, (await _traffic.Service.Catalog.GetServableAsync("scoring", VersionSelector.ByLabel("next"), TestContext.Current.CancellationToken)).Version);
    }

    [Fact]
    public void Statistics_of_an_endpoint_are_those_of_its_models()
    {
        IModelStatistics statistics = _traffic.Service.Wrap((IModelStatistics)_traffic.Inference);
        Assert.Equal([1L, 2, 3], statistics.GetStatistics("scoring", null).Select(one => one.Version).Order());
        Assert.Single(statistics.GetStatistics("scoring", 2));
    }

    [Fact]
    public async Task An_endpoint_can_not_be_unloaded()
    {
        IModelControl control = _traffic.Service.Wrap((IModelControl)_traffic.Inference);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => control.UnloadAsync("scoring", TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        await control.UnloadAsync("fraud", TestContext.Current.CancellationToken);
    }
}
