using Slipway.Core;
using Slipway.Inference.Repository;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

public sealed class OfferedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_configuration_that_could_not_be_read_is_read_again_though_nothing_tells_of_a_change()
    {
        ModelListing listing = new("m", new ConfigListing(_folder.Root, [new ListedFile("model.yaml", 14, DateTime.UnixEpoch)]), []);
        SettleTracker settle = new(TimeProvider.System, TimeSpan.Zero);

        OfferedModel unreadable = OfferedModel.From(listing, before: null, settle, ModelConfig.Default);
        OfferedModel still = OfferedModel.From(listing, unreadable, settle, ModelConfig.Default);
        _folder.Write("model.yaml", "load: onDemand");
        OfferedModel readable = OfferedModel.From(listing, still, settle, ModelConfig.Default);

        Assert.Contains("model.yaml: file 'model.yaml' is not in the model's folder", unreadable.Model.Problem, StringComparison.Ordinal);
        Assert.Same(unreadable.Model, still.Model);
        Assert.Equal((null, LoadPolicy.OnDemand), (readable.Model.Problem, readable.Model.Config.Load));
    }
}
