using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.Sklearn;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Sklearn;

public sealed class InspectedPickleTests
{
    [Fact]
    public void A_forest_tells_its_version_and_size()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        ModelInspection inspection = new ModelPreparer(new ModelFormats([.. ModelFormats.Own, new SklearnFormat()]))
            .Inspect(StandaloneModel.Open(Assets.PathOf("sklearn/models/randomforest_iris.joblib")), TestContext.Current.CancellationToken);
        Assert.Equal("scikit-learn", inspection.Producer);
        Assert.Matches(@"^[01]\.\d+", inspection.ProducerVersion);
        Assert.Equal("RandomForestClassifier", inspection.Metadata["estimator"]);
        Assert.True(int.Parse(inspection.Metadata["trees"], System.Globalization.CultureInfo.InvariantCulture) is > 0 and var trees
            && int.Parse(inspection.Metadata["tree_nodes"], System.Globalization.CultureInfo.InvariantCulture) > trees);
    }
}
