using System.Text;
using Slipway.OnnxRuntime.Text;

namespace Slipway.OnnxRuntime.Tests.Text;

public sealed class HashTests
{
    // Values that other implementations of the fingerprint test against.
    [Theory]
    [InlineData("test", 1, 8581389452482819506L)]
    [InlineData("test", 8, -4196240717365766262L)]
    [InlineData("test", 64, 3500507768004279527L)]
    public void Farm_hash_is_the_published_one(string text, int times, long expected) =>
        Assert.Equal(expected, (long)FarmHash.Fingerprint64(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, times)))));

    [Fact]
    public void Farm_hash_takes_every_length_and_tells_them_apart()
    {
        byte[] bytes = [.. Enumerable.Range(0, 200).Select(static i => (byte)((i * 37) + 11))];
        Assert.Equal(201, Enumerable.Range(0, 201).Select(length => FarmHash.Fingerprint64(bytes.AsSpan(0, length))).Distinct().Count());
    }

    // The example in appendix A of the paper.
    [Fact]
    public void Sip_hash_gives_the_papers_example() =>
        Assert.Equal(0xa129ca6149be45e5UL, SipHash.Hash([.. Enumerable.Range(0, 15).Select(static i => (byte)i)], 0x0706050403020100, 0x0f0e0d0c0b0a0908));
}
