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
