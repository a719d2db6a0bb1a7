using System.Globalization;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class NaiveBayesTests
{
    private const string Counted = """
        <BayesInput fieldName="s"><PairCounts value="rare"><TargetValueCounts><TargetValueCount value="p" count="1"/><TargetValueCount value="q" count="0"/></TargetValueCounts></PairCounts>
        <PairCounts value="often"><TargetValueCounts><TargetValueCount value="p" count="1999"/><TargetValueCount value="q" count="10"/></TargetValueCounts></PairCounts></BayesInput>
        """;

    // Prior 3 to 1. 'rare' was counted once of 2000 for p, which is less than the threshold, and never for q.
    [Fact]
    public void The_threshold_stands_only_for_what_was_never_counted()
    {
        double p = 3 * (1 / 2000.0);
        double q = 1 * 0.001;
        Assert.Equal(p / (p + q), Probability(Model(Counted), "rare", null), 1e-12);
    }

    // Densities of N(0, 4) and N(1, 1) at 2; R writes the input into an extension.
    [Theory]
    [InlineData("", "")]
    [InlineData("<Extension>", "</Extension>")]
    public void Distributions_are_read_where_producers_put_them(string before, string after)
    {
        string inputs = $"""
            {Counted}{before}<BayesInput fieldName="a"><TargetValueStats><TargetValueStat value="p"><GaussianDistribution mean="0" variance="4"/></TargetValueStat>
            <TargetValueStat value="q"><GaussianDistribution mean="1" variance="1"/></TargetValueStat></TargetValueStats></BayesInput>{after}
            """;
        double p = 3 * Math.Exp(-0.5) / Math.Sqrt(2 * Math.PI * 4);
        double q = 1 * Math.Exp(-0.5) / Math.Sqrt(2 * Math.PI);
        Assert.Equal(p / (p + q), Probability(Model(inputs), null, "2"), 1e-12);
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("2", 0.75)]
    public void A_distribution_without_variance_is_none_at_its_mean_and_the_threshold_elsewhere(string a, double? expected)
    {
        string inputs = """
            <BayesInput fieldName="a"><TargetValueStats><TargetValueStat value="p"><GaussianDistribution mean="1" variance="0"/></TargetValueStat>
            <TargetValueStat value="q"><GaussianDistribution mean="1" variance="0"/></TargetValueStat></TargetValueStats></BayesInput>
            """;
        RowEvaluator model = RowEvaluator.Parse(Model(inputs));
        model.Evaluate(field => field == "a" ? a : null);
        Assert.Equal(expected, model.Special("$probability", "p") is { } text ? Math.Round(double.Parse(text, CultureInfo.InvariantCulture), 12) : null);
    }

    private static double Probability(string document, string? s, string? a)
    {
        RowEvaluator model = RowEvaluator.Parse(document);
        model.Evaluate(field => field == "s" ? s : field == "a" ? a : null);
        return double.Parse(model.Special("$probability", "p")!, CultureInfo.InvariantCulture);
    }

    private static string Model(string inputs) => PmmlTexts.Document(
        """<DataField name="s" optype="categorical" dataType="string"/><DataField name="a" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="string"/>""",
        $"""
        <NaiveBayesModel functionName="classification" threshold="0.001"><MiningSchema><MiningField name="s"/><MiningField name="a"/><MiningField name="y" usageType="target"/></MiningSchema>
        <BayesInputs>{inputs}</BayesInputs>
        <BayesOutput fieldName="y"><TargetValueCounts><TargetValueCount value="p" count="3"/><TargetValueCount value="q" count="1"/></TargetValueCounts></BayesOutput></NaiveBayesModel>
        """);
}
