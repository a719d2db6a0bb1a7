using System.Globalization;
using Slipway.Core;
using Slipway.Pmml.Tests.Conformance;

namespace Slipway.Pmml.Tests.Models;

public sealed class TextModelTests
{
    private const string Fields = """<DataField name="text" optype="categorical" dataType="string"/>""";

    // Documents by the terms cat, dog, fish and "gold fish": (2 1 0 0), (0 1 3 0), (0 0 1 2). The text has (1 2 1 1). Expected: the second document, by numpy from the formulas.
    [Theory]
    [InlineData("termFrequency", "none", 0.597614304667197, 2.64575131106459, 0.897090514198877)]
    [InlineData("termFrequency", "inverseDocumentFrequency", 0.356389934344215, 1.79886288835225, 1.1345572402094)]
    [InlineData("termFrequency", "GFIDF", 0.575396455568751, 5, 0.921524328958546)]
    [InlineData("termFrequency", "normal", 0.681385143869247, 1.18321595661992, 0.798266692441509)]
    [InlineData("termFrequency", "probabilisticInverse", 0.597614304667197, 1.8338950617272, 0.897090514198877)]
    [InlineData("binary", "none", 0.707106781186547, 1.4142135623731, 0.765366864730179)]
    [InlineData("binary", "inverseDocumentFrequency", 0.346241553057961, 1.55367239842419, 1.14346704975879)]
    [InlineData("binary", "GFIDF", 0.620173672946042, 2.82842712474619, 0.871580549408897)]
    [InlineData("binary", "normal", 0.738548945875996, 0.707106781186548, 0.723119705337925)]
    [InlineData("binary", "probabilisticInverse", 0.707106781186548, 0.980258143468547, 0.76536686473018)]
    [InlineData("logarithmic", "none", 0.682874396458102, 0.550331996511365, 0.79639889947425)]
    [InlineData("logarithmic", "inverseDocumentFrequency", 0.375857722334439, 0.488611199334471, 1.11726655518328)]
    [InlineData("logarithmic", "GFIDF", 0.610240088782079, 1.05756173861827, 0.882904197767709)]
    [InlineData("logarithmic", "normal", 0.767902111897952, 0.264339744895809, 0.681319144163803)]
    [InlineData("logarithmic", "probabilisticInverse", 0.682874396458102, 0.381461071753778, 0.79639889947425)]
    [InlineData("augmentedNormalizedTermFrequency", "none", 0.719023388544283, 1.13956619426478, 0.7496353933156)]
    [InlineData("augmentedNormalizedTermFrequency", "inverseDocumentFrequency", 0.376119115217683, 1.17743772098501, 1.11703257318873)]
    [InlineData("augmentedNormalizedTermFrequency", "GFIDF", 0.624758017671771, 2.20479275922049, 0.866304775847656)]
    [InlineData("augmentedNormalizedTermFrequency", "normal", 0.786040063201159, 0.585709446360186, 0.654155848095606)]
    [InlineData("augmentedNormalizedTermFrequency", "probabilisticInverse", 0.719023388544283, 0.789887094616058, 0.7496353933156)]
    public void Texts_are_compared_by_the_weights_of_their_terms(string local, string global, double cosine, double distance, double distanceOfUnits)
    {
        Assert.Equal(cosine, Affinity(Model(Normalization(local, global, "none"), "cosine"), "two"), 1e-12);
        Assert.Equal(distance, Affinity(Model(Normalization(local, global, "none"), "euclidean"), "two"), 1e-12);
        Assert.Equal(distanceOfUnits, Affinity(Model(Normalization(local, global, "cosine"), "euclidean"), "two"), 1e-12);
    }

    [Fact]
    public void The_most_similar_document_is_the_answer_and_the_others_follow_by_rank()
    {
        RowEvaluator model = Evaluated(Model("", "cosine"), "CAT cat dog");
        Assert.Equal("one", model.Special("$target", null));
        Assert.Equal(["one", "two", "three", "First"], new[] { "id1", "id2", "id3", "shown" }.Select(model.Output));
        Assert.Equal(1, double.Parse(model.Output("affinity1")!, CultureInfo.InvariantCulture), 1e-12);
    }

    [Theory]
    [InlineData("cosine", null)]
    [InlineData("euclidean", "one")]
    public void A_text_without_any_term_has_a_distance_but_no_angle(string similarity, string? expected) =>
        Assert.Equal(expected, Evaluated(Model("", similarity), "birds").Special("$target", null));

    [Fact]
    public void A_missing_text_has_no_answer() => Assert.Null(Evaluated(Model("", "cosine"), null).Special("$target", null));

    [Fact]
    public void Documents_named_like_categories_of_the_target_stand_for_them()
    {
        string text = Model("", "cosine")
            .Replace(Fields, Fields + """<DataField name="y" optype="categorical" dataType="string"><Value value="First"/><Value value="two"/></DataField>""", StringComparison.Ordinal)
            .Replace("""<MiningField name="text"/>""", """<MiningField name="text"/><MiningField name="y" usageType="target"/>""", StringComparison.Ordinal);
        Assert.Equal("First", Evaluated(text, "cat").Special("$target", null));
        Assert.Equal("two", Evaluated(text, "fish").Special("$target", null));
    }

    [Fact]
    public void Frequencies_may_be_given_in_fields_named_like_the_terms()
    {
        string[] terms = ["cat", "dog", "fish", "gold fish"];
        string text = Model("", "cosine")
            .Replace(Fields, string.Concat(terms.Select(static term => $"""<DataField name="{term}" optype="continuous" dataType="integer"/>""")), StringComparison.Ordinal)
            .Replace("""<MiningField name="text"/>""", string.Concat(terms.Select(static term => $"""<MiningField name="{term}"/>""")), StringComparison.Ordinal);
        RowEvaluator model = RowEvaluator.Parse(text);
        model.Evaluate(field => field == "gold fish" ? "5" : "0");
        Assert.Equal("three", model.Special("$target", null));
        model.Evaluate(field => field == "dog" ? null : "1");
        Assert.Null(model.Special("$target", null));
    }

    [Theory]
    [InlineData("""functionName="classification" """, """functionName="regression" """, "prediction of a number")]
    [InlineData("2 1 0 0", "2 1 0", "one row for each of 3 documents")]
    [InlineData("""similarityType="cosine" """, """similarityType="jaccard" """, "jaccard")]
    [InlineData("<TextModelSimiliarity", """<TextModelNormalization globalTermWeights="entropy"/><TextModelSimiliarity""", "entropy")]
    [InlineData("0 1 3 0", "1 1 3 0", "probabilisticInverse", "2 1 0 0", "2 1 0 1", "0 0 1 2", "1 1 1 2")]
    public void What_has_no_meaning_is_refused_by_name(string from, string to, string named, params string[] more)
    {
        string text = Model(named == "probabilisticInverse" ? Normalization("binary", named, "none") : "", "cosine").Replace(from, to, StringComparison.Ordinal);
        for (int i = 0; i < more.Length; i += 2)
        {
            text = text.Replace(more[i], more[i + 1], StringComparison.Ordinal);
        }

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => RowEvaluator.Parse(text));
        Assert.True(refusal.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    private static double Affinity(string document, string id) =>
        double.Parse(Evaluated(document, "Dog, cat! (dog) gold fish").Output($"affinity-{id}")!, CultureInfo.InvariantCulture);

    private static RowEvaluator Evaluated(string document, string? text)
    {
        RowEvaluator model = RowEvaluator.Parse(document);
        model.Evaluate(_ => text);
        return model;
    }

    private static string Normalization(string local, string global, string document) =>
        $"""<TextModelNormalization localTermWeights="{local}" globalTermWeights="{global}" documentNormalization="{document}"/>""";

    private static string Model(string normalization, string similarity) => PmmlTexts.Document(
        Fields,
        $"""
        <TextModel functionName="classification" numberOfTerms="4" numberOfDocuments="3"><MiningSchema><MiningField name="text"/></MiningSchema>
        <Output><OutputField name="id1" feature="entityId"/><OutputField name="id2" feature="entityId" rank="2"/><OutputField name="id3" feature="entityId" rank="3"/>
        <OutputField name="shown" feature="predictedDisplayValue"/><OutputField name="affinity1" feature="entityAffinity"/><OutputField name="affinity-two" feature="entityAffinity" value="two"/></Output>
        <TextDictionary><Array n="4" type="string">cat dog fish "gold fish"</Array></TextDictionary>
        <TextCorpus><TextDocument id="one" name="First"/><TextDocument id="two"/><TextDocument id="three"/></TextCorpus>
        <DocumentTermMatrix><Matrix nbRows="3" nbCols="4"><Array type="real">2 1 0 0</Array><Array type="real">0 1 3 0</Array><Array type="real">0 0 1 2</Array></Matrix></DocumentTermMatrix>
        {normalization}<TextModelSimiliarity similarityType="{similarity}" /></TextModel>
        """);
}
