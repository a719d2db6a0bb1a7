using System.Text;
using Slipway.Core;
using Slipway.Formats.Compression;

namespace Slipway.Formats.Tests.Compression;

/// <summary>Files packed by Python's bz2, lzma and lz4.frame: forty lines <c>row i of i·7 mod 13</c>.</summary>
public sealed class DecompressorTests
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(static i => $"row {i} of {i * 7 % 13}\n")));

    private static readonly Dictionary<string, string> Packed = new()
    {
        ["Bzip2"] = "QlpoOTFBWSZTWcqTzK0AAMfZgAAQQAB/4AEAkIAwAK1CJ6J5GqaAUwAE0EmpqmkeoHqTFWc2z0eb6XLds2YZbTTTyczM7iPhoDQYsQGMgxkGLFixYsdda873vWvfja5wxcpNbaZTKtp4jfmpAgM1FAQIqaEgVVS22EctJFy5HLQXLgZlsW3Jjl/AQoEOAQ4BCgQ/i7kinChIZUnmVoA=",
        ["Xz"] = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AHeAI9dADkby1Agn62QPJnaTclqLdrZ5VVP8N5chJYelpUOl1L1kRUou6NDPtYTlQHtWRdZsMyCiwDEc2ilDEQka+pupRTod4LVOJ+UFu00T3ucDgCl2tX4VyJ30BEyN6B3E7cBHfJ1Ua/C7pjgxVEptGqixsoWWDiFuWv/WCTkvAPxTBeXT1pz6zsMcFf82jnDbrPyAAAWe4TGkgkG9gABqwHfAwAA1guf8bHEZ/sCAAAAAARZWg==",
        ["XzSha256"] = "/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4AHeAI9dADkby1Agn62QPJnaTclqLdrZ5VVP8N5chJYelpUOl1L1kRUou6NDPtYTlQHtWRdZsMyCiwDEc2ilDEQka+pupRTod4LVOJ+UFu00T3ucDgCl2tX4VyJ30BEyN6B3E7cBHfJ1Ua/C7pjgxVEptGqixsoWWDiFuWv/WCTkvAPxTBeXT1pz6zsMcFf82jnDbrPyAADdtDW5MYzpmXHvA230Zu0+C5ENUlVkx7xuhtUT5uMjXwABwwHfAwAA4YY4Fbbp3xwCAAAAAApZWg==",
        ["Lzma"] = "XQAAgAD//////////wA5G8tQIJ+tkDyZ2k3Jai3a2eVVT/DeXISWHpaVDpdS9ZEVKLujQz7WE5UB7VkXWbDMgosAxHNopQxEJGvqbqUU6HeC1TiflBbtNE97nA4ApdrV+Fcid9ARMjegdxO3AR3ydVGvwu6Y4MVRKbRqosbKFlg4hblr/1gk5LwD8UwXl09ac+s7DHBX/No5yUvyMf/+RVHi",
        ["Lz4"] = "BCJNGGhA3wEAAAAAAABpKwEAALByb3cgMCBvZiAwCgsAEDELABE3CwAQMgsAETELABAzCwAROAsAEDQLABEyCwAQNQsAETkLABA2CwARMwsAEDcLABIxTgAQOAwAETQXABA5CwASMU8AETFxABE1GAARMXIAEjFSABExdAASNhkAAXUAAkgAETF2AAKXABExdwADSQABeAACmQARMXkAA0gAAXkAApsAETF6AAKcABEyeQADnQARMnoAAp4AETJ5AAOfABEyegARNYYAETJ6AAOfABEyewASNhkAAXsAAp8AETJ7AAKfABEyewACnwARMnsAAp8AETN7AAKfABEzegACnwARM3oAAp8AETN5AAOfABEzegACnwARM3kAA58AETN6AAKfABEzegADnwARM3sAAp8AgDM5IG9mIDAKAAAAAA==",
        ["Lz4Linked"] = "BCJNGHRAvSsBAACwcm93IDAgb2YgMAoLABAxCwARNwsAEDILABExCwAQMwsAETgLABA0CwARMgsAEDULABE5CwAQNgsAETMLABA3CwASMU4AEDgMABE0FwAQOQsAEjFPABExcQARNRgAETFyABIxUgARMXQAEjYZAAF1AAJIABExdgAClwARMXcAA0kAAXgAApkAETF5AANIAAF5AAKbABExegACnAARMnkAA50AETJ6AAKeABEyeQADnwARMnoAETWGABEyegADnwARMnsAEjYZAAF7AAKfABEyewACnwARMnsAAp8AETJ7AAKfABEzewACnwARM3oAAp8AETN6AAKfABEzeQADnwARM3oAAp8AETN5AAOfABEzegACnwARM3oAA58AETN7AAKfAIAzOSBvZiAwCldSVC8AAAAAle6jnQ==",
        ["TwoBzip2"] = "QlpoOTFBWSZTWQlnzaoAAHxZgAAQQAB/4AEAkIAgAIQSqn/qqeyYimgISqNADT3qpuMnk9jm+1jd3VVHw/IooogInpFFFUUUYnJ1y9cyGOx2sup3G854bG8arZA0VtltmtFNNNN+Qcg8iNyg9BH+LuSKcKEgEs+bVEJaaDExQVkmU1mJU3cEAAAkWYAAEEAAf+ABAJCAIABoNNKNk2VNAbTVIA0E7OaVvKVOs8iPgCRAMRnSVt471dbfAVMrIvmCNCW3plWrVr6BgD6BrAxA/F3JFOFCQiVN3BA=",
        ["TwoXz"] = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AErAGpdADkby1Agn62QPJnaTclqLdrZ5VVP8N5chJYelpUOl1L1kRUou6NDPtYTlQHtWRdZsMyCiwDEc2ilDEQka+pupRTod4LVOJ+UFu00T3ucDgCl2tX4VyJ30BEyN6B3E7cBHfJ1Ua/C7phC02AAAABwJdE7R3jzQAABhgGsAgAAe3jlMrHEZ/sCAAAAAARZWgAAAAAAAAAA/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ACyAEldABkNQCbhNDTzn0Dl1n044BCVC+2xU2CA9cP8KcQ6updXmVahTrbom/yI8JIuNP51Zg0yEkRYmkJig3AdV4PryVm9vG/kx98/LnwAAAAAVlwaSVAGTn0AAWWzAQAAAJVft3SxxGf7AgAAAAAEWVo=",
        ["TwoLz4"] = "BCJNGGhALAEAAAAAAACExQAAALByb3cgMCBvZiAwCgsAEDELABE3CwAQMgsAETELABAzCwAROAsAEDQLABEyCwAQNQsAETkLABA2CwARMwsAEDcLABIxTgAQOAwAETQXABA5CwASMU8AETFxABE1GAARMXIAEjFSABExdAASNhkAAXUAAkgAETF2AAKXABExdwADSQABeAACmQARMXkAA0gAAXkAApsAETF6AAKcABEyeQADnQARMnoAAp4AETJ5AAOfABEyegARNYYAETJ6AHAxMgpyb3cgAAAAAAQiTRhoQLMAAAAAAAAAO3wAAADgMjUgb2YgNgpyb3cgMjYMABIwDAAQNwwAEjcMABA4DAASMQwAEDkMABE4DAAgMzAMABIyDAAQMQwAEjkMABAyDAASMwwAEDMMABIxVQAgMzQNABI0GQABeQASMVYAETN6ABI1GQABegATMVcAAXsAAp8AgDM5IG9mIDAKAAAAAA==",
    };

    // A gibibyte of zeros.
    private const string Gibibyte =
        "QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1kOCeLfAV+OQADAAAAIIAAwgE1GQqAlqQqAlzFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZDgni3wFfjkAAwAAACCAAMIBNRkKgJakKgJcxQVkmU1lIfF/JAIpSyADAAAAEAAggADDMBSmmkSJDYUSJDxdyRThQkPaI5AI=";

    public static TheoryData<string> Names { get; } = [.. Packed.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_packed_file_unpacks_to_what_was_packed(string name) =>
        Assert.Equal(Text, Decompressor.Decompress(Convert.FromBase64String(Packed[name])).ToArray());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_cut_off_anywhere_is_refused_or_ends_at_a_whole_part(string name)
    {
        byte[] packed = Convert.FromBase64String(Packed[name]);
        for (int length = 5; length < packed.Length; length++)
        {
            try
            {
                byte[] unpacked = Decompressor.Decompress(packed.AsMemory(0, length)).ToArray();
                Assert.True(name.StartsWith("Two", StringComparison.Ordinal) && Text.AsSpan().StartsWith(unpacked), $"{length} bytes of {packed.Length} were taken for the whole");
            }
            catch (SlipwayException error)
            {
                Assert.Equal(ErrorCode.InvalidModel, error.Code);
            }
        }
    }

    // LZMA alone has no checksum: there a flipped bit may give other bytes, but nothing worse.
    [Theory]
    [MemberData(nameof(Names))]
    public void A_flipped_bit_gives_an_error_or_the_same_bytes(string name)
    {
        byte[] packed = Convert.FromBase64String(Packed[name]);
        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] damaged = [.. packed];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Decompressor.Detect(damaged) == CompressionKind.None)
            {
                continue;
            }

            try
            {
                ReadOnlyMemory<byte> unpacked = Decompressor.Decompress(damaged, maxBytes: 1 << 20);
                Assert.True(unpacked.Span.SequenceEqual(Text) || name is "Lzma" or "Lz4" or "TwoLz4", $"bit {bit} of {name} changed the answer unseen");
            }
            catch (SlipwayException error)
            {
                Assert.True(error.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported, $"bit {bit}: {error.Code}");
            }
        }
    }

    [Fact]
    public void A_bzip2_bomb_ends_at_the_bound()
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => Decompressor.Decompress(Convert.FromBase64String(Gibibyte)));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
        Assert.Contains("unpacks to more than 128 MiB", error.Message, StringComparison.Ordinal);
    }

    // A token asks for one literal and a match that goes on for as long as there are bytes of 255: 255 bytes out for one in.
    [Fact]
    public void An_lz4_bomb_ends_at_the_bound()
    {
        byte[] head = [0x64, 0x70];
        byte[] block = [0x1F, (byte)'x', 1, 0, .. Enumerable.Repeat((byte)255, 2_000_000), 0, 0x00];
        byte[] bomb = [0x04, 0x22, 0x4D, 0x18, .. head, (byte)(Checksums.XxHash32(head) >> 8), .. BitConverter.GetBytes(block.Length), .. block, 0, 0, 0, 0];
        SlipwayException error = Assert.Throws<SlipwayException>(() => Decompressor.Decompress(bomb));
        Assert.Contains("unpacks to more than 128 MiB", error.Message, StringComparison.Ordinal);
    }

    // Chunks that repeat the last byte: LZMA packs a run some thousandfold.
    [Theory]
    [InlineData(new byte[] { 0x5D, 0, 0, 0x80, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x5D, 0, 0, 0x80, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0 })]
    public void An_announced_size_costs_nothing(byte[] head)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<SlipwayException>(() => Decompressor.Decompress((byte[])[.. head, 0, 0, 0, 0, 0]));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Checksums_have_their_published_values()
    {
        byte[] check = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xCBF43926u, Crc32.Of(check));
        Assert.Equal(0x995DC9BBDF1939FAul, Checksums.Crc64(check));
        Assert.Equal(0xFC891918u, Checksums.Bzip2Crc(check));
        Assert.Equal(0x02CC5D05u, Checksums.XxHash32([]));
        Assert.Equal(0x937BAD67u, Checksums.XxHash32(check));
    }
}
