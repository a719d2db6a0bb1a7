using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Fields;

public sealed class TreatmentTests
{
    [Theory]
    [InlineData("""missingValueReplacement="5" """, null, "5")]
    [InlineData("""outliers="asExtremeValues" lowValue="0" highValue="10" """, "12", "10")]
    [InlineData("""outliers="asExtremeValues" lowValue="0" highValue="10" """, "-3", "0")]
    [InlineData("""outliers="asMissingValues" lowValue="0" highValue="10" missingValueReplacement="7" """, "12", "7")]
    [InlineData("""outliers="asIs" lowValue="0" highValue="10" """, "12", "12")]
    [InlineData("""invalidValueTreatment="asIs" """, "99", "99")]
    [InlineData("""invalidValueTreatment="asMissing" missingValueReplacement="3" """, "99", "3")]
    [InlineData("""invalidValueTreatment="asValue" invalidValueReplacement="4" """, "99", "4")]
    [InlineData("""invalidValueTreatment="returnInvalid" """, "99", null)]
    [InlineData("", "99", null)]
    [InlineData("", "50", "50")]
    [InlineData("", "-1", null)]
    [InlineData("""missingValueReplacement="6" """, "-1", "6")]
    public void Value_is_treated_as_the_mining_field_says(string treatment, string? given, string? expected)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"><Interval closure="closedClosed" leftMargin="-50" rightMargin="50"/><Value value="-1" property="missing"/></DataField>""",
            $"""
            <RegressionModel functionName="regression"><MiningSchema><MiningField name="a" {treatment}/></MiningSchema>
            <RegressionTable intercept="0"><NumericPredictor name="a" coefficient="1"/></RegressionTable></RegressionModel>
            """));
        model.Evaluate(_ => given);
        Assert.Equal(expected, model.Special("$target", null));
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("99", "99")]
    [InlineData("98", null)]
    public void A_number_is_valid_within_an_interval_or_when_it_is_listed(string given, string? expected)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"><Interval closure="closedClosed" leftMargin="0" rightMargin="10"/><Value value="99"/></DataField>""",
            """
            <RegressionModel functionName="regression"><MiningSchema><MiningField name="a"/></MiningSchema>
            <RegressionTable intercept="0"><NumericPredictor name="a" coefficient="1"/></RegressionTable></RegressionModel>
            """));
        model.Evaluate(_ => given);
        Assert.Equal(expected, model.Special("$target", null));
    }

    [Theory]
    [InlineData("isMissing", null, "1")]
    [InlineData("isValid", null, "0")]
    [InlineData("isNotValid", null, "0")]
    [InlineData("isValid", "2", "1")]
    public void Functions_of_presence_see_missing_values(string function, string? given, string expected)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Expression(
            $"""<Apply function="if"><Apply function="{function}"><FieldRef field="a"/></Apply><Constant>1</Constant><Constant>0</Constant></Apply>"""));
        model.Evaluate(field => field == "a" ? given : "0");
        Assert.Equal(expected, model.Special("$target", null));
    }

    [Theory]
    [InlineData("1", "2", "a")]
    [InlineData(null, "2", "b")]
    [InlineData(null, null, "c")]
    [InlineData("-1", null, "c")]
    public void Surrogate_is_asked_only_when_what_stands_before_it_is_unknown(string? a, string? b, string expected)
    {
        const string predicate = """
            <CompoundPredicate booleanOperator="surrogate"><SimplePredicate field="a" operator="greaterThan" value="0"/><SimplePredicate field="b" operator="greaterThan" value="10"/><False/></CompoundPredicate>
            """;
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/><DataField name="b" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="string"/>""",
            $"""
            <TreeModel functionName="classification" missingValueStrategy="none"><MiningSchema><MiningField name="a"/><MiningField name="b"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Node score="c"><True/><Node score="a">{predicate}</Node><Node score="b"><SimplePredicate field="b" operator="greaterThan" value="1"/></Node><Node score="c"><True/></Node></Node></TreeModel>
            """));
        model.Evaluate(field => field == "a" ? a : b);
        Assert.Equal(expected, model.Special("$target", null));
    }

    // Scores 1, 6 and 2 with the weights 1, 2 and 3.
    [Theory]
    [InlineData("average", "3")]
    [InlineData("weightedAverage", "3.1666666666666665")]
    [InlineData("sum", "9")]
    [InlineData("weightedSum", "19")]
    [InlineData("median", "2")]
    [InlineData("max", "6")]
    public void Segments_are_joined_as_the_method_says(string method, string expected)
    {
        string Segment(int id, double score) => $"""
            <Segment id="{id}" weight="{id}"><True/><RegressionModel functionName="regression"><MiningSchema><MiningField name="a"/></MiningSchema><RegressionTable intercept="{score}"/></RegressionModel></Segment>
            """;
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/>""",
            $"""
            <MiningModel functionName="regression"><MiningSchema><MiningField name="a"/></MiningSchema>
            <Segmentation multipleModelMethod="{method}">{Segment(1, 1)}{Segment(2, 6)}{Segment(3, 2)}</Segmentation></MiningModel>
            """));
        model.Evaluate(_ => "0");
        Assert.Equal(expected, model.Special("$target", null));
    }
}
