using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Transformations;

public sealed class TextIndexTests
{
    private const string Stems = "<InlineTable><row><string>interfaces</string><stem>interface</stem></row></InlineTable>";

    [Theory]
    [InlineData("", "sun sun-day", "sun", "1")]
    [InlineData("""wordRE="\w+" """, "sun sun-day", "sun", "2")]
    [InlineData("""x-wordRE="(?u)\b\w\w+\b" """, "a sun (sun) a", "sun", "2")]
    [InlineData("""wordRE="\b\w\w+\b" """, "a sun", "a", "0")]
    [InlineData("""wordSeparatorCharacterRE="[\s\-]" """, "sun  sun-day", "sun", "2")]
    [InlineData("""wordSeparatorCharacterRE="[\s\-]" """, "sun  sun-day", "sun day", "1")]
    [InlineData("""isCaseSensitive="true" """, "Sun sun", "sun", "1")]
    [InlineData("""maxLevenshteinDistance="1" """, "sun son sons sin", "sun", "3")]
    [InlineData("""maxLevenshteinDistance="1" countHits="bestHits" """, "sun son sons sin", "sun", "1")]
    [InlineData("""maxLevenshteinDistance="1" countHits="bestHits" """, "son sons sin", "sun", "2")]
    [InlineData("""localTermWeights="binary" """, "sun sun", "sun", "1")]
    [InlineData("""localTermWeights="augmentedNormalizedTermFrequency" """, "sun day day", "sun", "0.75")]
    public void Terms_are_counted_as_the_attributes_say(string attributes, string text, string term, string expected) => Assert.Equal(expected, Count(attributes, "", text, term));

    // The entry of the table is 'interfaces', which 'interface' takes the place of.
    [Theory]
    [InlineData("", "an interfaces, Interfaces!", "2")]
    [InlineData("""isCaseSensitive="true" """, "an interfaces, Interfaces!", "1")]
    [InlineData("", "an intefaces", "0")]
    [InlineData("""maxLevenshteinDistance="1" """, "an intefaces, (interfacez)", "2")]
    [InlineData("""maxLevenshteinDistance="1" """, "an intfacez", "0")]
    [InlineData("", "aninterfaces", "0")]
    public void Words_of_a_table_are_replaced_before_terms_are_counted(string attributes, string text, string expected) =>
        Assert.Equal(expected, Count("", $"<TextIndexNormalization {attributes}>{Stems}</TextIndexNormalization>", text, "interface"));

    [Fact]
    public void A_normalisation_takes_what_it_leaves_out_from_the_index_around_it()
    {
        const string table = "<TextIndexNormalization><InlineTable><row><string>user interfaces</string><stem>ui</stem></row></InlineTable></TextIndexNormalization>";
        Assert.Equal("1", Count("""maxLevenshteinDistance="2" """, table, "the usr interfacez are", "the ui are"));
    }

    [Fact]
    public void Tables_outside_the_document_are_refused_by_name()
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Count("", "<TextIndexNormalization><TableLocator/></TextIndexNormalization>", "a", "a"));
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("outside the document", refusal.Message, StringComparison.Ordinal);
    }

    private static string? Count(string attributes, string normalizations, string text, string term)
    {
        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Expression($"""<TextIndex textField="s" {attributes}>{normalizations}<Constant dataType="string">{term}</Constant></TextIndex>"""));
        model.Evaluate(_ => text);
        return model.Special("$target", null);
    }
}
