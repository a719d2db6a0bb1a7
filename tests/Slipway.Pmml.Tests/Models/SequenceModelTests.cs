using System.Text.Json;
using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class SequenceModelTests
{
    private const string Items = """
        <Item id="i1" value="a"/><Item id="i2" value="b"/><Item id="i3" value="c"/>
        <Itemset id="A"><ItemRef itemRef="i1"/></Itemset><Itemset id="B"><ItemRef itemRef="i2"/></Itemset><Itemset id="C"><ItemRef itemRef="i3"/></Itemset>
        <Itemset id="AB"><ItemRef itemRef="i1"/><ItemRef itemRef="i2"/></Itemset><SetPredicate id="P" field="item" operator="supersetOf"><Array n="2" type="string">b c</Array></SetPredicate>
        """;

    // Items one after the other; the times where they are not 0, 1, 2 …
    [Theory]
    [InlineData("acrossTimeWindows", "unknown", "a b", null, true)]
    [InlineData("acrossTimeWindows", "unknown", "a x b", null, true)]
    [InlineData("acrossTimeWindows", "true", "a x b", null, true)]
    [InlineData("acrossTimeWindows", "true", "a b", null, true)]
    [InlineData("acrossTimeWindows", "false", "a x b", null, false)]
    [InlineData("acrossTimeWindows", "false", "a x a b", null, true)]
    [InlineData("acrossTimeWindows", "unknown", "b a", null, false)]
    [InlineData("acrossTimeWindows", "unknown", "b a", "9 2", true)]
    [InlineData("acrossTimeWindows", "unknown", "a b", "5 5", false)]
    [InlineData("sameTimeWindow", "unknown", "a b", "5 5", true)]
    [InlineData("sameTimeWindow", "false", "a b", "5 6", false)]
    [InlineData("acrossTimeWindows", "unknown", "x", null, false)]
    public void Itemsets_follow_each_other_as_the_delimiter_says(string delimiter, string gap, string items, string? times, bool isFound)
    {
        RowEvaluator model = Evaluated(
            Model("", $"""<SetReference setId="A"/><Delimiter delimiter="{delimiter}" gap="{gap}"/><SetReference setId="B"/>""", """<SetReference setId="C"/>"""), items, times);
        Assert.Equal(isFound ? "c" : null, model.Output("consequent"));
    }

    // A transaction at each time; a to b within the sequence.
    [Theory]
    [InlineData("""maximumItemsetSeparationTime="3" """, "a b", "0 3", true)]
    [InlineData("""maximumItemsetSeparationTime="3" """, "a b", "0 4", false)]
    [InlineData("""maximumItemsetSeparationTime="3" """, "a a b", "0 2 4", true)]
    [InlineData("""minimumItemsetSeparationTime="2" """, "a b", "0 1", false)]
    [InlineData("""minimumItemsetSeparationTime="2" """, "a a b", "0 1 2", true)]
    [InlineData("""maximumTotalSequenceTime="3" """, "a b", "0 4", false)]
    [InlineData("""maximumTotalSequenceTime="3" """, "a a b", "0 2 4", true)]
    [InlineData("""minimumTotalSequenceTime="5" """, "a b b", "0 4 5", true)]
    [InlineData("""minimumTotalSequenceTime="5" """, "a b", "0 4", false)]
    public void Constraints_bound_the_time_that_passes(string constraints, string items, string times, bool isFound)
    {
        RowEvaluator model = Evaluated(
            Model($"<Constraints {constraints}/>", """<SetReference setId="A"/><Delimiter delimiter="acrossTimeWindows" gap="unknown"/><SetReference setId="B"/>""", """<SetReference setId="C"/>"""),
            items, times);
        Assert.Equal(isFound ? "c" : null, model.Output("consequent"));
    }

    [Fact]
    public void Rules_are_ranked_by_their_confidence()
    {
        RowEvaluator model = Evaluated(Model("", """<SetReference setId="A"/>""", """<SetReference setId="B"/>"""), "a c", null);
        Assert.Equal(["b", "a", "r1", "0.25", "0.5", null], new[] { "consequent", "antecedent", "ruleId", "support", "confidence", "lift" }.Select(model.Output));
        Assert.Equal("[\"a -> b\",\"c -> {a , b}\"]", model.Output("rules"));
        Assert.Equal("r1", model.Special("$entityId", null));
    }

    [Fact]
    public void A_set_predicate_asks_for_all_of_its_values_at_once()
    {
        string document = Model("", """<SetReference setId="P"/>""", """<SetReference setId="A"/>""");
        Assert.Equal("{b , c}", Evaluated(document, "b c", "1 1").Output("antecedent"));
        Assert.Equal("c", Evaluated(document, "b c", "1 2").Output("antecedent"));
    }

    [Fact]
    public void Output_fields_choose_among_the_rules_by_what_follows()
    {
        string document = Model("", """<SetReference setId="A"/>""", """<SetReference setId="B"/>""").Replace("<Item id=\"i1\"", """
            <Output><OutputField name="new" feature="ruleValue" ruleFeature="ruleId" algorithm="exclusiveRecommendation" rank="0"/>
            <OutputField name="known" feature="ruleValue" ruleFeature="ruleId" algorithm="ruleAssociation" rank="0"/>
            <OutputField name="second" feature="ruleValue" ruleFeature="confidence" rank="2"/></Output><Item id="i1"
            """, StringComparison.Ordinal);
        RowEvaluator model = Evaluated(document, "a b c", null);
        Assert.Equal(["[\"r2\"]", "[\"r1\"]", "0.25"], new[] { "new", "known", "second" }.Select(model.Output));
    }

    [Fact]
    public void A_row_without_items_has_no_answer() => Assert.Null(Evaluated(Model("", """<SetReference setId="A"/>""", """<SetReference setId="B"/>"""), "", null).Output("consequent"));

    [Theory]
    [InlineData("a b", "1")]
    [InlineData("a", "soon")]
    public void Times_that_do_not_fit_leave_the_row_without_an_answer(string items, string times) =>
        Assert.NotNull(Evaluated(Model("", """<SetReference setId="A"/>""", """<SetReference setId="B"/>"""), items, times).Failure);

    [Theory]
    [InlineData("setId=\"A\"", "setId=\"Z\"", "the set 'Z'")]
    [InlineData("itemRef=\"i1\"", "itemRef=\"i9\"", "the item 'i9'")]
    [InlineData("seqId=\"s1\"", "seqId=\"s9\"", "the sequence 's9'")]
    [InlineData("supersetOf", "subsetOf", "subsetOf")]
    [InlineData("field=\"item\"", "field=\"other\"", "the field 'other'")]
    public void What_is_not_there_is_refused_by_name(string from, string to, string named)
    {
        string document = Model("", """<SetReference setId="A"/>""", """<SetReference setId="B"/>""").Replace(from, to, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<SlipwayException>(() => RowEvaluator.Parse(document)).Message, StringComparison.Ordinal);
    }

    // r1: the first sequence brings the second, r2: c brings a and b at once.
    private static string Model(string constraints, string antecedent, string consequent) => PmmlTexts.Document(
        """<DataField name="customer" optype="categorical" dataType="string"/><DataField name="item" optype="categorical" dataType="string"/><DataField name="day" optype="continuous" dataType="integer"/>""",
        $"""
        <SequenceModel functionName="sequences">
        <MiningSchema><MiningField name="customer" usageType="group"/><MiningField name="day" usageType="order"/><MiningField name="item"/></MiningSchema>{constraints}
        {Items}<Sequence id="s1">{antecedent}</Sequence><Sequence id="s2">{consequent}</Sequence><Sequence id="s3"><SetReference setId="C"/></Sequence><Sequence id="s4"><SetReference setId="AB"/></Sequence>
        {Rule("r2", "s3", "s4", 0.25)}{Rule("r1", "s1", "s2", 0.5)}</SequenceModel>
        """);

    private static string Rule(string id, string antecedent, string consequent, double confidence) => $"""
        <SequenceRule id="{id}" numberOfSets="2" occurrence="1" support="0.25" confidence="{confidence}"><AntecedentSequence><SequenceReference seqId="{antecedent}"/></AntecedentSequence>
        <Delimiter delimiter="acrossTimeWindows" gap="unknown"/><ConsequentSequence><SequenceReference seqId="{consequent}"/></ConsequentSequence></SequenceRule>
        """;

    private static RowEvaluator Evaluated(string document, string items, string? times)
    {
        RowEvaluator model = RowEvaluator.Parse(document);
        Dictionary<string, string[]> row = new() { ["item"] = items.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
        if (times is not null)
        {
            row["day"] = times.Split(' ');
        }

        model.Evaluate(JsonSerializer.SerializeToElement(row));
        return model;
    }
}
