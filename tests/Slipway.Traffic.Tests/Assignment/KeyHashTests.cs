using System.Text;
using Slipway.Traffic.Assignment;

namespace Slipway.Traffic.Tests.Assignment;

public sealed class KeyHashTests
{
    // Sanity vectors of the xxHash project. Entities are assigned by this hash: if a vector fails, every sticky assignment in the world moves.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Of_is_XXH64_with_seed_0(string text, ulong expected)
    {
        Assert.Equal(expected, KeyHash.Of(text));
        Assert.Equal(expected, KeyHash.Of(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Of_gives_the_same_for_a_long_text_and_its_bytes()
    {
        string text = new('ä', 5000);
        Assert.Equal(KeyHash.Of(Encoding.UTF8.GetBytes(text)), KeyHash.Of(text));
    }

    [Fact]
    public void Salted_divides_the_same_keys_independently_for_each_salt()
    {
        const int keys = 40_000;
        int both = 0;
        for (int i = 0; i < keys; i++)
        {
            ulong key = KeyHash.Of($"user-{i}");
            both += KeyHash.Part(KeyHash.Salted(key, KeyHash.Of("one")), 10) == 3 && KeyHash.Part(KeyHash.Salted(key, KeyHash.Of("two")), 10) == 3 ? 1 : 0;
        }

        // 400 expected, standard deviation 20.
        Assert.InRange(both, 320, 480);
    }
}
