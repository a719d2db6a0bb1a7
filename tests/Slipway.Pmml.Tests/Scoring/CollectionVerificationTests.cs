using Slipway.Pmml.Scoring;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Scoring;

public sealed class CollectionVerificationTests
{
    // Two baskets: a and b, and a alone. Rules: 1 from a to b, 2 from b to a.
    [Theory]
    [InlineData("<basket>1</basket><item>a</item><all>1</all>", "<basket>1</basket><item>b</item><all>2</all>", "<basket>2</basket><item>a</item><all>1</all>", null)]
    [InlineData("<basket>2</basket><item>a</item><all>1</all>", "<basket>1</basket><item>a</item><all>1</all>", "<basket>1</basket><item>b</item><all>2</all>", null)]
    [InlineData("<basket>1</basket><item>a</item><all>1</all>", "<basket>1</basket><item>b</item>", "<basket>2</basket><item>a</item><all>1</all>", "record 1")]
    [InlineData("<basket>1</basket><item>a</item><all>1</all>", "<basket>1</basket><item>b</item><all>2</all>", "<basket>2</basket><item>a</item><all>2</all>", "record 2")]
    public void Rows_of_one_group_are_one_basket(string first, string second, string third, string? wrong)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="basket" optype="categorical" dataType="string"/><DataField name="item" optype="categorical" dataType="string"/>""",
            $"""
            <AssociationModel functionName="associationRules"><MiningSchema><MiningField name="basket" usageType="group"/><MiningField name="item"/></MiningSchema>
            <Output><OutputField name="all" feature="ruleValue" ruleFeature="ruleId" algorithm="recommendation" rank="0" isMultiValued="1"/></Output>
            <Item id="1" value="a"/><Item id="2" value="b"/><Itemset id="1"><ItemRef itemRef="1"/></Itemset><Itemset id="2"><ItemRef itemRef="2"/></Itemset>
            <AssociationRule antecedent="1" consequent="2" support="1" confidence="1"/><AssociationRule antecedent="2" consequent="1" support="1" confidence="1"/>
            <ModelVerification><VerificationFields><VerificationField field="basket"/><VerificationField field="item"/><VerificationField field="all"/></VerificationFields>
            <InlineTable><row>{first}</row><row>{second}</row><row>{third}</row></InlineTable></ModelVerification></AssociationModel>
            """));
        string? difference = ModelVerification.FindDifference(model.Plan, CancellationToken.None);
        Assert.Equal(wrong is null, difference is null);
        Assert.StartsWith(wrong ?? "", difference ?? "", StringComparison.Ordinal);
    }
}
