using System.Globalization;
using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class BayesianNetworkTests
{
    private const string Fields = """
        <DataField name="rain" optype="categorical" dataType="string"><Value value="T"/><Value value="F"/></DataField>
        <DataField name="sprinkler" optype="categorical" dataType="string"><Value value="T"/><Value value="F"/></DataField>
        <DataField name="wet" optype="categorical" dataType="string"><Value value="T"/><Value value="F"/></DataField>
        <DataField name="depth" optype="continuous" dataType="double"/><DataField name="area" optype="continuous" dataType="double"/>
        """;

    // The network of the textbooks (Pearl), with a depth of water that rain and an area tell of.
    private const string Nodes = """
        <BayesianNetworkNodes>
          <DiscreteNode name="rain"><ValueProbability value="T" probability="0.2"/><ValueProbability value="F" probability="0.8"/></DiscreteNode>
          <DiscreteNode name="sprinkler">
            <DiscreteConditionalProbability><ParentValue parent="rain" value="F"/><ValueProbability value="T" probability="0.4"/><ValueProbability value="F" probability="0.6"/></DiscreteConditionalProbability>
            <DiscreteConditionalProbability><ParentValue parent="rain" value="T"/><ValueProbability value="T" probability="0.01"/><ValueProbability value="F" probability="0.99"/></DiscreteConditionalProbability>
          </DiscreteNode>
          <DiscreteNode name="wet">
            <DiscreteConditionalProbability><ParentValue parent="sprinkler" value="F"/><ParentValue parent="rain" value="F"/><ValueProbability value="T" probability="0"/><ValueProbability value="F" probability="1"/></DiscreteConditionalProbability>
            <DiscreteConditionalProbability><ParentValue parent="rain" value="T"/><ParentValue parent="sprinkler" value="F"/><ValueProbability value="T" probability="0.8"/><ValueProbability value="F" probability="0.2"/></DiscreteConditionalProbability>
            <DiscreteConditionalProbability><ParentValue parent="sprinkler" value="T"/><ParentValue parent="rain" value="F"/><ValueProbability value="T" probability="0.9"/><ValueProbability value="F" probability="0.1"/></DiscreteConditionalProbability>
            <DiscreteConditionalProbability><ParentValue parent="sprinkler" value="T"/><ParentValue parent="rain" value="T"/><ValueProbability value="T" probability="0.99"/><ValueProbability value="F" probability="0.01"/></DiscreteConditionalProbability>
          </DiscreteNode>
          <ContinuousNode name="depth">
            <ContinuousConditionalProbability><ParentValue parent="rain" value="T"/><ContinuousDistribution><NormalDistributionForBN>
              <Mean><Apply function="*"><Constant dataType="double">2</Constant><FieldRef field="area"/></Apply></Mean><Variance><Constant dataType="double">4</Constant></Variance>
            </NormalDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
            <ContinuousConditionalProbability><ParentValue parent="rain" value="F"/><ContinuousDistribution><UniformDistributionForBN>
              <Lower><Constant dataType="double">0</Constant></Lower><Upper><Constant dataType="double">10</Constant></Upper>
            </UniformDistributionForBN></ContinuousDistribution></ContinuousConditionalProbability>
          </ContinuousNode>
        </BayesianNetworkNodes>
        """;

    [Fact]
    public void The_textbooks_network_gives_the_textbooks_answer()
    {
        // P(rain | wet grass) of the textbook: 0.3577.
        RowEvaluator model = Load("rain");
        model.Evaluate(static field => field == "wet" ? "T" : null);
        Assert.Equal(0.35768767563227616, Probability(model, "T"), 1e-12);
        Assert.Equal("F", model.Special("$target", null));

        model.Evaluate(static _ => null);
        Assert.Equal(0.2, Probability(model, "T"), 1e-12);

        // Explaining away: the sprinkler that is known to have run takes the blame from the rain.
        model.Evaluate(static field => field is "wet" or "sprinkler" ? "T" : null);
        Assert.Equal(0.00198 / (0.00198 + 0.288), Probability(model, "T"), 1e-12);
    }

    [Fact]
    public void A_number_that_was_observed_is_weighed_by_its_density()
    {
        RowEvaluator model = Load("rain");
        model.Evaluate(static field => field switch { "depth" => "3", "area" => "2", _ => null });
        double rain = 0.2 * Math.Exp(-1 / 8.0) / Math.Sqrt(8 * Math.PI);
        Assert.Equal(rain / (rain + (0.8 * 0.1)), Probability(model, "T"), 1e-12);
    }

    [Fact]
    public void A_number_is_predicted_by_its_mean()
    {
        RowEvaluator model = Load("depth", "regression");
        model.Evaluate(static field => field switch { "area" => "2", "wet" => "T", _ => null });
        double rain = 0.35768767563227616;
        Assert.Equal((rain * 4) + ((1 - rain) * 5), double.Parse(model.Special("$target", null)!, CultureInfo.InvariantCulture), 1e-12);

        model.Evaluate(static _ => null);
        Assert.Contains("was not given", model.Failure!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_the_network_holds_for_impossible_has_no_answer()
    {
        RowEvaluator model = Load("wet");
        model.Evaluate(static field => field switch { "rain" or "sprinkler" => "F", _ => null });
        Assert.Equal("F", model.Special("$target", null));
        RowEvaluator rain = Load("rain");
        rain.Evaluate(static field => field switch { "wet" => "T", "sprinkler" => "F", "depth" => "-99", "area" => "1e9", _ => null });
        Assert.NotNull(rain.Failure);
    }

    [Fact]
    public void Random_networks_agree_with_the_sum_over_all_that_may_be()
    {
        Random random = new(5);
        for (int draw = 0; draw < 40; draw++)
        {
            RandomNetwork network = new(random);
            RowEvaluator model = RowEvaluator.Parse(network.Document);
            int[] evidence = network.Draw(random);
            model.Evaluate(field => field.StartsWith('v') && int.Parse(field[1..], CultureInfo.InvariantCulture) is var node && evidence[node] >= 0 ? $"s{evidence[node]}" : null);
            double[] expected = network.Posterior(evidence);
            for (int state = 0; state < expected.Length; state++)
            {
                Assert.Equal(expected[state], Probability(model, $"s{state}"), 1e-10);
            }
        }
    }

    [Theory]
    [InlineData("""<DiscreteNode name="rain"><DiscreteConditionalProbability><ParentValue parent="wet" value="T"/><ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode>""", "which is no discrete node")]
    [InlineData("""<DiscreteNode name="wet"><ValueProbability value="T" probability="1"/><ValueProbability value="F" probability="0"/></DiscreteNode><DiscreteNode name="rain"><DiscreteConditionalProbability><ParentValue parent="wet" value="T"/><ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode>""", "1 conditional probabilities for 2 combinations")]
    [InlineData("""<DiscreteNode name="rain"><DiscreteConditionalProbability><ParentValue parent="rain" value="T"/><ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode>""", "its own parent")]
    [InlineData("""<DiscreteNode name="rain"><ValueProbability value="T" probability="1"/></DiscreteNode><DiscreteNode name="rain"><ValueProbability value="T" probability="1"/></DiscreteNode>""", "appears twice")]
    [InlineData("""<DiscreteNode name="wet"><DiscreteConditionalProbability><ParentValue parent="rain" value="T"/><ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode><DiscreteNode name="rain"><DiscreteConditionalProbability><ParentValue parent="wet" value="T"/><ValueProbability value="T" probability="1"/></DiscreteConditionalProbability></DiscreteNode>""", "a ring of nodes")]
    [InlineData("""<DiscreteNode name="wet"><ValueProbability value="T" probability="1"/></DiscreteNode>""", "no node for its target")]
    public void What_is_no_network_is_refused(string nodes, string part)
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => RowEvaluator.Parse(Document("rain", "classification", $"<BayesianNetworkNodes>{nodes}</BayesianNetworkNodes>")));
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    private static double Probability(RowEvaluator model, string category) => double.Parse(model.Special("$probability", category)!, CultureInfo.InvariantCulture);

    private static RowEvaluator Load(string target, string function = "classification") => RowEvaluator.Parse(Document(target, function, Nodes));

    private static string Document(string target, string function, string nodes) => PmmlTexts.Document(
        Fields,
        $"""
        <BayesianNetworkModel functionName="{function}"><MiningSchema>
        {string.Concat(new[] { "rain", "sprinkler", "wet", "depth", "area" }.Select(name => $"<MiningField name=\"{name}\" usageType=\"{(name == target ? "target" : "active")}\"/>"))}
        </MiningSchema>{nodes}</BayesianNetworkModel>
        """);
}
