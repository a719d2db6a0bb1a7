using Slipway.Core;

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
