using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.Security.Policies;

namespace Slipway.Security.Tests.Policies;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", true)]
    [InlineData("fraud", "fraud", true)]
    [InlineData("fraud", "Fraud", false)]
    [InlineData("fraud", "fraud2", false)]
    [InlineData("fraud-*", "fraud-", true)]
    [InlineData("fraud-*", "fraud", false)]
    [InlineData("*-eu", "credit-eu", true)]
    [InlineData("*-eu", "credit-eu2", false)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "abbc", true)]
    [InlineData("a*b*c", "acb", false)]
    [InlineData("**", "x", true)]
    [InlineData("a*", "", false)]
    public void Matches_as_a_star_says(string pattern, string name, bool matches) => Assert.Equal(matches, ModelPattern.Parse(pattern).Matches(name));

    [Fact]
    public void Agrees_with_a_regular_expression_on_many_small_patterns()
    {
        Random random = new(4711);
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = Draw(random, "ab*", 1, 6);
            string name = Draw(random, "ab", 0, 8);
            bool expected = Regex.IsMatch(name, "^" + pattern.Replace("*", ".*", StringComparison.Ordinal) + "$");
            Assert.True(expected == ModelPattern.Parse(pattern).Matches(name), $"{pattern} {name}");
        }
    }

    [Fact]
    public void A_pattern_that_covers_another_matches_whatever_the_other_does()
    {
        Random random = new(815);
        int covered = 0;
        for (int i = 0; i < 20_000; i++)
        {
            ModelPattern wide = ModelPattern.Parse(Draw(random, "ab*", 1, 4));
            ModelPattern narrow = ModelPattern.Parse(Draw(random, "ab*", 1, 4));
            string name = Draw(random, "ab", 0, 6);
            if (wide.Covers(narrow) && narrow.Matches(name))
            {
                covered++;
                Assert.True(wide.Matches(name), $"{wide} covers {narrow}, but not {name}");
            }
        }

        Assert.True(covered > 500);
    }

    [Theory]
    [InlineData("fraud-*", "fraud-eu", true)]
    [InlineData("fraud-*", "fraud-eu-*", true)]
    [InlineData("fraud-*", "*", false)]
    [InlineData("fraud-*", "fraud*", false)]
    [InlineData("*", "x*", true)]
    [InlineData("fraud", "fraud*", false)]
    public void Covers_is_what_a_key_may_hand_on(string wide, string narrow, bool covers) => Assert.Equal(covers, ModelPattern.Parse(wide).Covers(ModelPattern.Parse(narrow)));

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\u001b[31m")]
    public void Nonsense_is_refused(string pattern) => Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => ModelPattern.Parse(pattern)).Code);

    [Fact]
    public void A_pattern_of_many_stars_is_quick() => Assert.False(ModelPattern.Parse(new string('*', 200) + "b").Matches(new string('a', 100_000)));

    private static string Draw(Random random, string alphabet, int least, int most) =>
        new([.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
}
