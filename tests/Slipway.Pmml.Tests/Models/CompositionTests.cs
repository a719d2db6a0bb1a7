using System.Globalization;
using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

/// <summary>Models within models without a segmentation: a tree that chooses among regressions, and a tree that asks what a regression gave.</summary>
public sealed class CompositionTests
{
    private const string Fields = """
        <DataField name="age" optype="continuous" dataType="double"/><DataField name="income" optype="continuous" dataType="double"/>
        <DataField name="n" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="string"><Value value="p"/><Value value="q"/></DataField>
        """;

    private const string Young = """<SimplePredicate field="age" operator="lessOrEqual" value="50"/>""";
    private const string Old = """<SimplePredicate field="age" operator="greaterThan" value="50"/>""";

    // Young: 0.03 income + 1.23 age; old: 2.22 + 0.01 income - 0.11 age; a hundred years are answered by the node itself.
    [Theory]
    [InlineData("30", "50", 38.4)]
    [InlineData("60", "50", -3.88)]
    [InlineData("100", "50", 7.0)]
    [InlineData(null, "50", null)]
    public void A_tree_chooses_the_model_that_answers(string? age, string income, double? expected)
    {
        foreach (string text in new[] { Selection("DecisionTree"), Selection("TreeModel") })
        {
            RowEvaluator model = RowEvaluator.Parse(text);
            model.Evaluate(field => field == "age" ? age : field == "income" ? income : null);
            Assert.Equal(expected, model.Special("$target", null) is { } value ? Math.Round(double.Parse(value, CultureInfo.InvariantCulture), 12) : null);
        }
    }

    [Theory]
    [InlineData("30", "78.91")]
    [InlineData("10", "32.32")]
    public void A_model_may_ask_what_the_one_before_it_gave(string age, string expected)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            Fields,
            """
            <MiningModel functionName="regression"><MiningSchema><MiningField name="age"/><MiningField name="income"/><MiningField name="n" usageType="target"/></MiningSchema>
            <Regression functionName="regression"><ResultField name="term" feature="predictedValue"/><RegressionTable intercept="2"><NumericPredictor name="age" coefficient="2"/></RegressionTable></Regression>
            <DecisionTree functionName="regression"><Node score="0"><True/><Node score="32.32"><SimplePredicate field="term" operator="lessThan" value="42"/></Node>
            <Node score="78.91"><SimplePredicate field="term" operator="greaterOrEqual" value="42"/></Node></Node></DecisionTree></MiningModel>
            """));
        model.Evaluate(field => field == "age" ? age : null);
        Assert.Equal(expected, model.Special("$target", null));
    }

    // Young: logistic of age / 10; old: three of four.
    [Theory]
    [InlineData("0", "p", 0.5)]
    [InlineData("-20", "q", 0.11920292202211755)]
    [InlineData("60", "p", 0.75)]
    public void Probabilities_come_from_whoever_answers(string age, string expected, double p)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            Fields,
            $"""
            <TreeModel functionName="classification"><MiningSchema><MiningField name="age"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Node id="root"><True/><Node id="young">{Young}<Regression functionName="classification" normalizationMethod="softmax"><RegressionTable targetCategory="p" intercept="0"><NumericPredictor name="age" coefficient="0.1"/></RegressionTable>
            <RegressionTable targetCategory="q" intercept="0"/></Regression></Node>
            <Node id="old" score="p">{Old}<ScoreDistribution value="p" recordCount="3"/><ScoreDistribution value="q" recordCount="1"/></Node></Node></TreeModel>
            """));
        model.Evaluate(_ => age);
        Assert.Equal(expected, model.Special("$target", null));
        Assert.Equal(p, double.Parse(model.Special("$probability", "p")!, CultureInfo.InvariantCulture), 1e-12);
        Assert.Equal(age == "60" ? "old" : "young", model.Special("$entityId", null));
    }

    [Theory]
    [InlineData("<MiningModel functionName=\"regression\"><MiningSchema><MiningField name=\"age\"/></MiningSchema></MiningModel>", "neither a Segmentation nor a model")]
    [InlineData("""
        <TreeModel functionName="regression" missingValueStrategy="aggregateNodes"><MiningSchema><MiningField name="age"/></MiningSchema>
        <Node><True/><Regression functionName="regression"><RegressionTable intercept="1"/></Regression></Node></TreeModel>
        """, "a model within a node")]
    public void What_has_no_meaning_is_refused(string model, string named) =>
        Assert.Contains(named, Assert.Throws<SlipwayException>(() => RowEvaluator.Parse(PmmlTexts.Document(Fields, model))).Message, StringComparison.Ordinal);

    // The tree of the first segment says its weight: 3 for a low age, else 1. The second weighs 2.
    [Theory]
    [InlineData("weightedMajorityVote", "10", "p", 0.6)]
    [InlineData("weightedMajorityVote", "60", "q", 0.3333333333333333)]
    [InlineData("majorityVote", "60", "p", 0.5)]
    public void A_segment_may_say_its_weight(string method, string age, string expected, double p)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            Fields,
            $"""
            <MiningModel functionName="classification"><MiningSchema><MiningField name="age"/><MiningField name="y" usageType="target"/></MiningSchema><Segmentation multipleModelMethod="{method}">
            <Segment><True/><TreeModel functionName="classification"><MiningSchema><MiningField name="age"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Output><OutputField name="node" feature="entityId" dataType="integer" optype="categorical"/><OutputField name="weight" feature="transformedValue" dataType="double" optype="continuous">
            <MapValues outputColumn="w" dataType="double" defaultValue="1"><FieldColumnPair field="node" column="n"/><InlineTable><row><n>7</n><w>3</w></row></InlineTable></MapValues></OutputField></Output>
            <Node id="1" score="p"><True/><Node id="7" score="p">{Young}</Node><Node id="8" score="p">{Old}</Node></Node></TreeModel><VariableWeight field="weight"/></Segment>
            <Segment weight="2"><True/><TreeModel functionName="classification"><MiningSchema><MiningField name="y" usageType="target"/></MiningSchema><Node score="q"><True/></Node></TreeModel></Segment>
            </Segmentation></MiningModel>
            """));
        model.Evaluate(_ => age);
        Assert.Equal(expected, model.Special("$target", null));
        Assert.Equal(p, double.Parse(model.Special("$probability", "p")!, CultureInfo.InvariantCulture), 1e-12);
    }

    private static string Selection(string kind)
    {
        string node = $"""
            <Node score="0"><True/><Node score="7"><SimplePredicate field="age" operator="equal" value="100"/></Node>
            <Node score="0">{Young}<Regression functionName="regression"><RegressionTable intercept="0"><NumericPredictor name="income" coefficient="0.03"/><NumericPredictor name="age" coefficient="1.23"/></RegressionTable></Regression></Node>
            <Node score="0">{Old}<Regression functionName="regression"><RegressionTable intercept="2.22"><NumericPredictor name="income" coefficient="0.01"/><NumericPredictor name="age" coefficient="-0.11"/></RegressionTable></Regression></Node></Node>
            """;
        const string schema = """<MiningSchema><MiningField name="age"/><MiningField name="income"/><MiningField name="n" usageType="target"/></MiningSchema>""";
        return PmmlTexts.Document(Fields, kind == "TreeModel"
            ? $"""<TreeModel functionName="regression">{schema}{node}</TreeModel>"""
            : $"""<MiningModel functionName="regression">{schema}<DecisionTree functionName="regression">{node}</DecisionTree></MiningModel>""");
    }
}
