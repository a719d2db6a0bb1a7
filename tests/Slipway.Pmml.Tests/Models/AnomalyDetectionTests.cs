using System.Globalization;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class AnomalyDetectionTests
{
    // Centres 0 and 10; mean distances 2 and 0.5.
    [Theory]
    [InlineData("1", 0.5)]
    [InlineData("4", 2)]
    [InlineData("12", 4)]
    public void The_distance_from_the_nearest_centre_is_taken_by_the_mean_distance_of_its_cluster(string a, double expected)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/>""",
            """
            <AnomalyDetectionModel functionName="regression" algorithmType="clusterMeanDist"><MiningSchema><MiningField name="a"/></MiningSchema>
            <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema><MiningField name="a"/></MiningSchema>
            <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure><ClusteringField field="a"/>
            <Cluster id="low"><Array n="1" type="real">0</Array></Cluster><Cluster id="high"><Array n="1" type="real">10</Array></Cluster></ClusteringModel>
            <MeanClusterDistances><Array n="2" type="real">2 0.5</Array></MeanClusterDistances></AnomalyDetectionModel>
            """));
        model.Evaluate(_ => a);
        Assert.Equal(expected, double.Parse(model.Special("$target", null)!, CultureInfo.InvariantCulture), 1e-12);
    }
}
