namespace Slipway.Core.Tests.Models;

public sealed class ModelMetadataTests
{
    private static readonly TensorSignature Two = new("p", TensorDataType.Float32, new TensorShape(-1, 2));

    [Fact]
    public void Labels_are_given_where_they_fit()
    {
        Assert.Equal(["no", "yes"], Labelled(Two, "{\"p\":[\"no\",\"yes\"],\"q\":[\"a\"]}").Labels);
        Assert.Empty(Labelled(Two, "{\"p\":[\"a\",\"b\",\"c\"]}").Labels);
        Assert.Empty(Labelled(Two with { Shape = TensorShape.Scalar }, "{\"p\":[\"no\",\"yes\"]}").Labels);
        Assert.Equal(["x", "y"], Labelled(Two with { Labels = ["x", "y"] }, "{\"p\":[\"no\",\"yes\"]}").Labels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("{\"p\":1}")]
    [InlineData("{\"p\":[1,2]}")]
    public void What_is_no_metadata_of_ours_is_taken_for_absent(string json)
    {
        Assert.Empty(Labelled(Two, json).Labels);
        Assert.Empty(ModelMetadata.FeatureNames(new Dictionary<string, string> { [ModelMetadataKeys.FeatureNames] = json }));
    }

    private static TensorSignature Labelled(TensorSignature output, string json) =>
        ModelMetadata.WithLabels([output], new Dictionary<string, string> { [ModelMetadataKeys.OutputLabels] = json })[0];
}
