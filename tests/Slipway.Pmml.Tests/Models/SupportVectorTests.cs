using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class SupportVectorTests
{
    // PMML 3.2 has no threshold: the machine says 1 for its category and 0 for the other. Here the machine says what it is given.
    [Theory]
    [InlineData("0.1", "no")]
    [InlineData("0.9", "yes")]
    [InlineData("-3", "no")]
    public void The_one_machine_of_old_documents_says_one_for_its_category(string a, string expected) =>
        Assert.Equal(expected, Answer("""alternateBinaryTargetCategory="no" """, "", a));

    [Theory]
    [InlineData("", "alternateTargetCategory=\"no\"", "-1", "yes")]
    [InlineData("", "alternateTargetCategory=\"no\"", "1", "no")]
    [InlineData("threshold=\"2\"", "alternateTargetCategory=\"no\"", "1", "yes")]
    [InlineData("maxWins=\"true\"", "alternateTargetCategory=\"no\"", "1", "yes")]
    [InlineData("maxWins=\"true\"", "alternateTargetCategory=\"no\"", "0", "no")]
    [InlineData("threshold=\"2\" alternateBinaryTargetCategory=\"no\"", "", "1", "yes")]
    public void The_side_of_the_threshold_decides(string model, string machine, string a, string expected) => Assert.Equal(expected, Answer(model, machine, a));

    [Fact]
    public void A_machine_without_an_alternative_is_refused() =>
        Assert.Contains("alternateTargetCategory", Assert.Throws<SlipwayException>(() => Answer("", "", "1")).Message, StringComparison.Ordinal);

    private static string? Answer(string model, string machine, string a)
    {
        RowEvaluator evaluator = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="string"/>""",
            $"""
            <SupportVectorMachineModel functionName="classification" svmRepresentation="Coefficients" {model}><MiningSchema><MiningField name="a"/><MiningField name="y" usageType="target"/></MiningSchema>
            <LinearKernelType/><VectorDictionary><VectorFields><FieldRef field="a"/></VectorFields></VectorDictionary>
            <SupportVectorMachine targetCategory="yes" {machine}><Coefficients absoluteValue="0"><Coefficient value="1"/></Coefficients></SupportVectorMachine></SupportVectorMachineModel>
            """));
        evaluator.Evaluate(_ => a);
        return evaluator.Special("$target", null);
    }
}
