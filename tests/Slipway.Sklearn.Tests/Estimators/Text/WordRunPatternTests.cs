using Slipway.Sklearn.Estimators.Text;

namespace Slipway.Sklearn.Tests.Estimators.Text;

public sealed class WordRunPatternTests
{
    [Theory]
    [InlineData(@"\b[a-zA-Z]{2,}\b", true)]
    [InlineData(@"(?u)\b[^\d\W]+\b", true)]
    [InlineData(@"\b[a-z]\w{1,4}\b", true)]
    [InlineData(@"\b[а-яё]+\b", true)]
    [InlineData(@"\b\d{4}\b", true)]
    [InlineData(@"[a-zA-Z]{2,}", false)]
    [InlineData(@"\b[a-zA-Z]{2,}", false)]
    [InlineData(@"\b[a-z'-]+\b", false)]
    [InlineData(@"\b[A-z]+\b", false)]
    [InlineData(@"\b[^\d]+\b", false)]
    [InlineData(@"\b\w*\b", false)]
    [InlineData(@"\b\w{0,}\b", false)]
    [InlineData(@"\b(?:a|b)\b", false)]
    [InlineData(@"\b\S+\b", false)]
    [InlineData(@"\b[a-z\b", false)]
    [InlineData(@"\b[a-z]+\\b", false)]
    [InlineData(@"\b\b", false)]
    public void A_pattern_is_one_of_whole_words(string pattern, bool expected) => Assert.Equal(expected, WordRunPattern.Matches(pattern));
}
