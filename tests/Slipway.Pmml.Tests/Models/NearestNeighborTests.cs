using System.Globalization;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class NearestNeighborTests
{
    // Instances (0, 0) -> 10 and (4, 3) -> 20; the row (1, 3), or (1, missing), of whose distances half is not known.
    [Theory]
    [InlineData("euclidean", "3", 3.0, 3.1622776601683795)]
    [InlineData("euclidean", null, 1.4142135623730951, 4.242640687119285)]
    [InlineData("cityBlock", null, 2.0, 6.0)]
    public void Distances_make_up_for_missing_values(string measure, string? b, double first, double second)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/><DataField name="b" optype="continuous" dataType="double"/><DataField name="y" optype="continuous" dataType="double"/>""",
            $"""
            <NearestNeighborModel functionName="regression" numberOfNeighbors="2" continuousScoringMethod="weightedAverage" threshold="1">
            <MiningSchema><MiningField name="a"/><MiningField name="b"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Output><OutputField name="d1" feature="entityAffinity" rank="1"/><OutputField name="d2" feature="entityAffinity" rank="2"/></Output>
            <TrainingInstances><InstanceFields><InstanceField field="a" column="a"/><InstanceField field="b" column="b"/><InstanceField field="y" column="y"/></InstanceFields>
            <InlineTable><row><a>0</a><b>0</b><y>10</y></row><row><a>4</a><b>3</b><y>20</y></row></InlineTable></TrainingInstances>
            <ComparisonMeasure kind="distance"><{measure}/></ComparisonMeasure><KNNInputs><KNNInput field="a"/><KNNInput field="b"/></KNNInputs></NearestNeighborModel>
            """));
        model.Evaluate(field => field == "a" ? "1" : b);
        Assert.Equal(first, Number(model.Output("d1")), 1e-12);
        Assert.Equal(second, Number(model.Output("d2")), 1e-12);
        (double ofFirst, double ofSecond) = b is null ? (10, 20) : (20, 10);
        double expected = ((ofFirst / (first + 1)) + (ofSecond / (second + 1))) / ((1 / (first + 1)) + (1 / (second + 1)));
        Assert.Equal(expected, Number(model.Special("$target", null)), 1e-12);
    }

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
