namespace Slipway.Core.Tests.Models;

public sealed class VersionPolicyTests
{
    private static readonly long[] Available = [3, 1, 10, 2];

    [Fact]
    public void Latest_chooses_the_numerically_largest()
    {
        Assert.Equal([10], VersionPolicy.LatestOne.Choose(Available));
        Assert.Equal([10, 3], new VersionPolicy.Latest(2).Choose(Available));
        Assert.Equal([10, 3, 2, 1], new VersionPolicy.Latest(99).Choose(Available));
    }

    [Fact]
    public void All_chooses_every_version() => Assert.Equal([10, 3, 2, 1], new VersionPolicy.All().Choose(Available));

    [Fact]
    public void Specific_chooses_only_what_is_there() => Assert.Equal([3, 1], new VersionPolicy.Specific([1, 3, 7]).Choose(Available));

    [Fact]
    public void Specific_policies_are_equal_by_content() =>
        Assert.Equal(new VersionPolicy.Specific([1, 3]), new VersionPolicy.Specific([1, 3]));

    [Theory]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    [InlineData("7", 7L, null)]
    [InlineData("007", 7L, null)]
    [InlineData("champion", null, "champion")]
    [InlineData("-1", null, "-1")]
    [InlineData("99999999999999999999", null, "99999999999999999999")]
    public void Selector_reads_digits_as_a_number_and_the_rest_as_a_label(string? text, long? number, string? label)
    {
        VersionSelector selector = VersionSelector.Parse(text);
        Assert.Equal(number, selector.Number);
        Assert.Equal(label, selector.Label);
    }

    [Fact]
    public void A_signature_refuses_two_tensors_of_one_name()
    {
        TensorSignature x = new("x", TensorDataType.Float32, new TensorShape(-1));
        Assert.Throws<ArgumentException>(() => new ModelSignature([x, x], []));
        Assert.Equal(-1, new ModelSignature([x], []).IndexOfInput("y"));
        Assert.Equal(0, new ModelSignature([x], []).IndexOfInput("x"));
    }
}
