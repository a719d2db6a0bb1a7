using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Transformations;

namespace Slipway.Pmml.Tests.Transformations;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("abc", "", 3)]
    [InlineData("interface", "intefrace", 2)]
    public void Distance_is_that_of_Levenshtein(string left, string right, int expected)
    {
        for (int most = expected; most < 12; most++)
        {
            Assert.Equal(expected, EditDistance.Of(left, right, most));
            Assert.Equal(expected, EditDistance.Of(right, left, most));
        }

        for (int most = 0; most < expected; most++)
        {
            Assert.True(EditDistance.Of(left, right, most) > most);
        }
    }

    // Against the recurrence without a band, over words of two letters, where most distances are small.
    [Fact]
    public void A_bound_changes_nothing_within_it()
    {
        Random random = new(20260711);
        for (int round = 0; round < 2_000; round++)
        {
            string left = Word(random);
            string right = Word(random);
            int expected = Plain(left, right);
            int most = random.Next(8);
            int given = EditDistance.Of(left, right, most);
            Assert.True(expected <= most ? given == expected : given > most, $"'{left}' and '{right}', at most {most}: {given}, expected {expected}");
        }
    }

    [Fact]
    public void Words_too_long_to_be_compared_are_refused()
    {
        string word = new('a', 100_000);
        Assert.Equal(0, EditDistance.Of(word, word, 3));
        Assert.Throws<EvaluationException>(() => EditDistance.Of(word, word, 100_000));
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(2) == 0 ? 'a' : 'b'));

    private static int Plain(string left, string right)
    {
        int[,] table = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1), Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
            }
        }

        return table[left.Length, right.Length];
    }
}
