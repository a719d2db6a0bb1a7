using System.Globalization;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

/// <summary>
/// Ways of joining segments, as the standard defines them: by <c>max</c> and <c>median</c> the category wins whose largest (or middle) probability is the highest, and the probabilities are
/// the mean over the models that gave it.
/// </summary>
public sealed class SegmentationTests
{
    private const string Fields = """
        <DataField name="a" optype="continuous" dataType="double"/>
        <DataField name="y" optype="categorical" dataType="string"><Value value="p"/><Value value="q"/><Value value="r"/></DataField>
        <DataField name="n" optype="continuous" dataType="double"/>
        """;

    [Theory]
    [InlineData("max", "p", 0.7, 0.1, 0.2)] // 0.7 by the first and the third: the mean of both
    [InlineData("average", "p", 0.5333333333333333, 0.26666666666666666, 0.2)]
    [InlineData("median", "p", 0.7, 0.1, 0.2)] // of 0.2, 0.7, 0.7 the middle is 0.7
    public void Probabilities_of_three_models_are_joined(string method, string winner, double p, double q, double r)
    {
        RowEvaluator model = Classifiers(method, [0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.7, 0, 0.3]);
        model.Evaluate(_ => "1");
        Assert.Equal(winner, model.Special("$target", null));
        Assert.Equal([p, q, r], Probabilities(model), Close);
    }

    [Fact]
    public void The_middle_of_four_models_lies_between_two_which_both_count()
    {
        RowEvaluator model = Classifiers("median", [0.9, 0.1, 0], [0.6, 0.4, 0], [0.4, 0.3, 0.3], [0.1, 0.2, 0.7]);
        model.Evaluate(_ => "1");
        Assert.Equal("p", model.Special("$target", null));
        Assert.Equal([0.5, 0.35, 0.15], Probabilities(model), Close);
    }

    [Theory]
    [InlineData("median", "2")]
    [InlineData("weightedMedian", "10")]
    [InlineData("x-weightedMedian", "10")]
    [InlineData("sum", "13")]
    [InlineData("weightedSum", "53")]
    [InlineData("x-weightedSum", "53")]
    [InlineData("weightedAverage", "7.571428571428571")]
    [InlineData("max", "10")]
    public void Numbers_of_three_models_are_joined(string method, string expected)
    {
        RowEvaluator model = Numbers(method, "", [(1, 1), (2, 1), (10, 5)]);
        model.Evaluate(_ => "1");
        Assert.Equal(double.Parse(expected, CultureInfo.InvariantCulture), double.Parse(model.Special("$target", null)!, CultureInfo.InvariantCulture), 1e-12);
    }

    [Fact]
    public void Categories_are_given_by_their_rank()
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            Fields,
            """
            <TreeModel functionName="classification"><MiningSchema><MiningField name="y" usageType="target"/></MiningSchema><Output>
            <OutputField name="1" feature="predictedValue" rank="1"/><OutputField name="2" feature="predictedValue" rank="2"/><OutputField name="3" feature="predictedDisplayValue" rank="3"/>
            <OutputField name="4" feature="predictedValue" rank="4"/><OutputField name="second" feature="probability" rank="2"/></Output>
            <Node score="q"><True/><ScoreDistribution value="p" recordCount="2"/><ScoreDistribution value="q" recordCount="5"/><ScoreDistribution value="r" recordCount="3"/></Node></TreeModel>
            """));
        model.Evaluate(_ => null);
        Assert.Equal(["q", "r", "p", null, "0.3"], new[] { "1", "2", "3", "4", "second" }.Select(model.Output));
    }

    // Any of the last two may be the last; the first stands before one that always takes part.
    [Theory]
    [InlineData("1", "20", null)]
    [InlineData("-1", "20", "30")]
    public void A_chain_gives_the_outputs_of_the_models_that_may_be_its_last(string a, string? second, string? third)
    {
        string Segment(string predicate, string output, int value) => $"""
            <Segment>{predicate}<RegressionModel functionName="regression"><MiningSchema><MiningField name="a"/><MiningField name="n" usageType="target"/></MiningSchema>
            <Output><OutputField name="{output}" feature="predictedValue"/></Output><RegressionTable intercept="{value}"/></RegressionModel></Segment>
            """;
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            Fields,
            $"""
            <MiningModel functionName="regression"><MiningSchema><MiningField name="a"/><MiningField name="n" usageType="target"/></MiningSchema><Segmentation multipleModelMethod="modelChain">
            {Segment("<True/>", "first", 10)}{Segment("<True/>", "second", 20)}{Segment("""<SimplePredicate field="a" operator="lessThan" value="0"/>""", "third", 30)}</Segmentation></MiningModel>
            """));
        model.Evaluate(_ => a);
        Assert.Equal(["n", "second", "third"], model.Plan.Outputs.Select(static output => output.Name));
        Assert.Equal([third ?? second, second, third], new[] { "n", "second", "third" }.Select(model.Output));
    }

    // The first segment takes part where a is not missing; the second has no answer then, the third always has one.
    [Theory]
    [InlineData(null, null, null, "7", null)]
    [InlineData("3", "p", "6", "7", "0.75")]
    public void A_chain_of_several_targets_gives_what_each_segment_found(string? a, string? y, string? n, string? m, string? probability)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            Fields + """<DataField name="m" optype="continuous" dataType="double"/>""",
            """
            <MiningModel functionName="mixed"><MiningSchema><MiningField name="a"/><MiningField name="y" usageType="target"/><MiningField name="n" usageType="target"/><MiningField name="m" usageType="target"/></MiningSchema>
            <Segmentation multipleModelMethod="x-multiModelChain">
            <Segment><SimplePredicate field="a" operator="isNotMissing"/><TreeModel functionName="classification"><MiningSchema><MiningField name="a"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Output><OutputField name="of p" feature="probability" value="p"/></Output>
            <Node score="p"><True/><ScoreDistribution value="p" recordCount="3"/><ScoreDistribution value="q" recordCount="1"/></Node></TreeModel></Segment>
            <Segment><True/><RegressionModel functionName="regression"><MiningSchema><MiningField name="a"/><MiningField name="n" usageType="target"/></MiningSchema>
            <RegressionTable intercept="0"><NumericPredictor name="a" coefficient="2"/></RegressionTable></RegressionModel></Segment>
            <Segment><True/><RegressionModel functionName="regression"><MiningSchema><MiningField name="m" usageType="target"/></MiningSchema><RegressionTable intercept="7"/></RegressionModel></Segment>
            </Segmentation></MiningModel>
            """));
        model.Evaluate(_ => a);
        Assert.Equal([y, n, m, probability], new[] { "y", "n", "m", "of p" }.Select(model.Output));
    }

    // The second model has no answer where a is missing.
    [Theory]
    [InlineData("", null)]
    [InlineData("""missingPredictionTreatment="returnMissing" """, null)]
    [InlineData("""missingPredictionTreatment="skipSegment" """, "1")]
    [InlineData("""missingPredictionTreatment="skipSegment" missingThreshold="0.5" """, "1")]
    [InlineData("""missingPredictionTreatment="skipSegment" missingThreshold="0.4" """, null)]
    public void A_model_without_an_answer_is_treated_as_asked(string treatment, string? expected)
    {
        RowEvaluator model = Numbers("average", treatment, [(1, 1), (double.NaN, 1)]);
        model.Evaluate(_ => null);
        Assert.Equal(expected, model.Special("$target", null));
    }

    // Three trees that answer 1 from x = 1, 2 and 3 on, and nothing below. As JPMML's own tests have it.
    [Theory]
    [InlineData("", "0.25", "0", null)]
    [InlineData("", "0.25", "2", null)] // one of three is more than a quarter
    [InlineData("", "0.25", "3", "1")]
    [InlineData("", "0.5", "1", null)]
    [InlineData("", "0.5", "2", "1")]
    [InlineData("", "0.75", "1", null)] // two votes for none against one
    [InlineData("", "0.75", "2", "1")]
    [InlineData("", "0.75", null, null)]
    [InlineData("x-", "0.25", "2", null)]
    [InlineData("x-", "0.75", "1", null)]
    [InlineData("x-", "0.75", "2", "1")]
    public void Models_without_an_answer_vote_for_none(string prefix, string threshold, string? x, string? expected)
    {
        foreach (string method in new[] { "majorityVote", "weightedMajorityVote" })
        {
            string treatment = $"multipleModelMethod=\"{method}\" {prefix}missingPredictionTreatment=\"continue\" {prefix}missingThreshold=\"{threshold}\"";
            foreach (string predicate in new[] { "<True/>", """<CompoundPredicate booleanOperator="or"><True/><False/></CompoundPredicate>""" })
            {
                RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
                    """<DataField name="x" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="integer"><Value value="0"/><Value value="1"/></DataField>""",
                    $"""
                    <MiningModel functionName="classification"><MiningSchema><MiningField name="x"/><MiningField name="y" usageType="target"/></MiningSchema>
                    <Segmentation {treatment}>{string.Concat(new[] { 1, 2, 3 }.Select(from => $"""
                    <Segment>{predicate}<TreeModel functionName="classification" missingValueStrategy="nullPrediction" noTrueChildStrategy="returnNullPrediction"><MiningSchema><MiningField name="x"/></MiningSchema>
                    <Node score="0"><True/><Node score="1"><SimplePredicate field="x" operator="greaterOrEqual" value="{from}"/></Node></Node></TreeModel></Segment>
                    """))}</Segmentation></MiningModel>
                    """));
                model.Evaluate(_ => x);
                Assert.Equal(expected, model.Special("$target", null));
            }
        }
    }

    private static readonly IEqualityComparer<double> Close = EqualityComparer<double>.Create(static (one, other) => Math.Abs(one - other) < 1e-12, static _ => 0);

    private static double[] Probabilities(RowEvaluator model) =>
        [.. new[] { "pp", "pq", "pr" }.Select(name => double.Parse(model.Output(name)!, CultureInfo.InvariantCulture))];

    private static RowEvaluator Classifiers(string method, params double[][] models)
    {
        string Score(double[] shares) => string.Concat(shares.Select((share, i) => string.Create(
            CultureInfo.InvariantCulture, $"""<ScoreDistribution value="{"pqr"[i]}" recordCount="{share * 10}" probability="{share}"/>""")));
        string Tree(double[] shares) => $"""
            <TreeModel functionName="classification"><MiningSchema><MiningField name="a"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Node score="{"pqr"[Array.IndexOf(shares, shares.Max())]}"><True/>{Score(shares)}</Node></TreeModel>
            """;
        return Mining("y", "classification", $"multipleModelMethod=\"{method}\"", models.Select(static _ => 1.0), models.Select(Tree), string.Concat("pqr".Select(static category =>
            $"""<OutputField name="p{category}" feature="probability" value="{category}" dataType="double" optype="continuous"/>""")));
    }

    // A constant, or where it is NaN the field a.
    private static RowEvaluator Numbers(string method, string treatment, (double Value, double Weight)[] models)
    {
        string Model(double value) => string.Create(CultureInfo.InvariantCulture, $"""
            <RegressionModel functionName="regression"><MiningSchema><MiningField name="a"/><MiningField name="n" usageType="target"/></MiningSchema>
            <RegressionTable intercept="{(double.IsNaN(value) ? 0 : value)}">{(double.IsNaN(value) ? """<NumericPredictor name="a" coefficient="1"/>""" : "")}</RegressionTable></RegressionModel>
            """);
        return Mining("n", "regression", $"multipleModelMethod=\"{method}\" {treatment}", models.Select(static model => model.Weight), models.Select(model => Model(model.Value)), "");
    }

    private static RowEvaluator Mining(string target, string function, string method, IEnumerable<double> weights, IEnumerable<string> models, string outputs) => RowEvaluator.Parse(PmmlTexts.Document(
        Fields,
        $"""
        <MiningModel functionName="{function}"><MiningSchema><MiningField name="a"/><MiningField name="{target}" usageType="target"/></MiningSchema><Output>{outputs}</Output>
        <Segmentation {method}>{string.Concat(weights.Zip(models, static (weight, model) => string.Create(CultureInfo.InvariantCulture, $"""<Segment weight="{weight}"><True/>{model}</Segment>""")))}</Segmentation></MiningModel>
        """));
}
