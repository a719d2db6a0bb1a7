using System.Text;
using Slipway.Core;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Documents;

/// <summary>What documents that are met do otherwise than the schema says, without a doubt of what they mean.</summary>
public sealed class LenientDocumentTests
{
    [Theory]
    [InlineData("http://www.dmg.org/PMML-4_4")]
    [InlineData("https://www.dmg.org/PMML-4_3")]
    [InlineData("http://dmg.org/PMML-4_2")]
    [InlineData("https://dmg.org/PMML-4_4")]
    public void The_namespace_may_be_written_otherwise(string name)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Regression.Replace("http://www.dmg.org/PMML-4_4", name, StringComparison.Ordinal));
        model.Evaluate(field => field switch { "a" => "1", "b" => "2", _ => "x" });
        Assert.Equal("19", model.Special("$target", null));
    }

    [Theory]
    [InlineData("http://example.org/PMML-4_4")]
    [InlineData("http://www.dmg.org.example.com/PMML-4_4")]
    public void Another_namespace_is_refused(string name) =>
        Assert.ThrowsAny<Exception>(() => RowEvaluator.Parse(PmmlTexts.Regression.Replace("http://www.dmg.org/PMML-4_4", name, StringComparison.Ordinal)));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    [InlineData("windows-1252")]
    [InlineData("Shift_JIS")]
    public void The_encoding_is_the_one_that_is_declared(string name)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        string category = name == "Shift_JIS" ? "日本" : "Größe";
        string text = $"""<?xml version="1.0" encoding="{name}"?>""" + PmmlTexts.Regression.Replace("\"x\"", $"\"{category}\"", StringComparison.Ordinal);
        byte[] bytes = [.. name == "utf-16" ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
        RowEvaluator model = new(PmmlReader.Read(new MemoryStream(bytes), bytes.Length, PmmlLimits.Default, CancellationToken.None));
        model.Evaluate(field => field == "c" ? category : "1");
        Assert.Equal("16", model.Special("$target", null));
    }

    [Theory]
    [InlineData("klingon-8")]
    [InlineData("\u00e9")]
    [InlineData("utf-7")]
    public void An_encoding_that_is_none_is_refused(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="{name}"?>""" + PmmlTexts.Regression);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => PmmlReader.Read(new MemoryStream(bytes), bytes.Length, PmmlLimits.Default, CancellationToken.None));
        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
    }

    [Fact]
    public void A_truth_value_may_be_compared_with_a_half()
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="b" optype="categorical" dataType="boolean"/><DataField name="y" optype="categorical" dataType="string"/>""",
            """
            <TreeModel functionName="classification"><MiningSchema><MiningField name="b"/><MiningField name="y" usageType="target"/></MiningSchema>
            <Node><True/><Node score="no"><SimplePredicate field="b" operator="lessThan" value="0.5"/></Node><Node score="yes"><SimplePredicate field="b" operator="greaterOrEqual" value="0.5"/></Node></Node></TreeModel>
            """));
        foreach ((string given, string expected) in new[] { ("false", "no"), ("true", "yes") })
        {
            model.Evaluate(_ => given);
            Assert.Equal(expected, model.Special("$target", null));
        }
    }

    [Fact]
    public void Terms_of_a_regression_may_name_their_field_as_others_do()
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Regression.Replace("Predictor name=", "Predictor field=", StringComparison.Ordinal));
        model.Evaluate(field => field switch { "a" => "1", "b" => "2", _ => "x" });
        Assert.Equal("19", model.Special("$target", null));
    }

    // The item is that of the field named like it, not 'Weekday' of the field 'Day'.
    [Theory]
    [InlineData("true", "Friday", "[\"1\"]")]
    [InlineData("false", "Weekday", "[]")]
    public void An_item_may_have_a_sign_of_equality_in_the_name_of_its_field(string isWeekday, string day, string expected)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="Day" optype="categorical" dataType="string"/><DataField name="Day=Weekday" optype="categorical" dataType="boolean"/>""",
            """
            <AssociationModel functionName="associationRules"><MiningSchema><MiningField name="Day"/><MiningField name="Day=Weekday"/></MiningSchema>
            <Output><OutputField name="all" feature="ruleValue" ruleFeature="ruleId" algorithm="recommendation" rank="0"/></Output>
            <Item id="1" value="Day=Weekday"/><Item id="2" value="Day=Sunday"/><Itemset id="1"><ItemRef itemRef="1"/></Itemset><Itemset id="2"><ItemRef itemRef="2"/></Itemset>
            <AssociationRule antecedent="1" consequent="2" support="1" confidence="1"/></AssociationModel>
            """));
        model.Evaluate(field => field == "Day" ? day : isWeekday);
        Assert.Equal(expected, model.Output("all"));
    }

    // Coordinates are of a / 10; the row's 31 is nearest to 3.
    [Fact]
    public void Clusters_of_old_documents_have_fields_of_their_own()
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/>""",
            """
            <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2"><MiningSchema><MiningField name="a"/></MiningSchema>
            <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure><ClusteringField field="a"/>
            <CenterFields><DerivedField name="tenth" optype="continuous" dataType="double"><NormContinuous field="a"><LinearNorm orig="0" norm="0"/><LinearNorm orig="10" norm="1"/></NormContinuous></DerivedField></CenterFields>
            <Cluster name="three"><Array n="1" type="real">3</Array></Cluster><Cluster name="thirty"><Array n="1" type="real">30</Array></Cluster></ClusteringModel>
            """));
        model.Evaluate(_ => "31");
        Assert.Equal("1", model.Special("$target", null));
        Assert.Equal("0.1", Math.Round(double.Parse(model.Special("$affinity", null)!, System.Globalization.CultureInfo.InvariantCulture), 12).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>A target that only <c>Targets</c> knows, a table without an intercept, and a row without an answer: as JPMML's own test has it.</summary>
    [Fact]
    public void A_row_without_an_answer_has_the_prior_probabilities()
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="input" optype="continuous" dataType="double"/>""",
            """
            <RegressionModel functionName="classification"><MiningSchema><MiningField name="input"/></MiningSchema>
            <Output><OutputField name="answer" feature="predictedValue"/><OutputField name="shown" feature="predictedDisplayValue"/>
            <OutputField name="yes" feature="probability" value="YES"/><OutputField name="no" feature="probability" value="NO"/></Output>
            <Targets><Target><TargetValue value="YES" displayValue="Yes" priorProbability="0.02"/><TargetValue value="NO" displayValue="No" priorProbability="0.98"/></Target></Targets>
            <RegressionTable targetCategory="YES" intercept="0.0"><NumericPredictor name="input" exponent="1" coefficient="1"/></RegressionTable><RegressionTable targetCategory="NO"/></RegressionModel>
            """));
        model.Evaluate(_ => null);
        Assert.Equal(["NO", "No", "0.02", "0.98"], new[] { "answer", "shown", "yes", "no" }.Select(model.Output));
    }
}
