using System.Text;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.TensorFlow.Bundles;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit;

namespace Slipway.TensorFlow.Tests.Bundles;

public sealed class BundleTests
{
    // A bundle with the one variable w = [1.5, -2], written out by hand from the format's description.
    private static readonly byte[] GoldenIndex = Convert.FromHexString(
        "00000608011a020801" + "001c0f" + "772f2e415454524942555445532f5641524941424c455f56414c5545" + "08011204120208022808353d33c8f4" + "0000000001000000" + "00a5c99d3b"
        + "0000000001000000" + "00c0f2a1b0" + "00010278003f" + "0000000001000000" + "00f84d77f5" + "4408510e" + new string('0', 72) + "57fb808b247547db");

    private static readonly byte[] GoldenData = Convert.FromHexString("0000c03f000000c0");

    [Fact]
    public void Checksum_is_that_of_the_standard() => Assert.Equal((0xe3069283u, 0xc78ab0e5u), (Crc32C.Compute("123456789"u8), Crc32C.Mask(Crc32C.Compute("123456789"u8))));

    [Fact]
    public void Golden_bundle_is_read()
    {
        VariablesBundle bundle = Open(GoldenIndex, GoldenData);

        TensorData w = bundle.Read("w/.ATTRIBUTES/VARIABLE_VALUE");

        Assert.Equal([1.5, -2.0], w.ToDoubles()!);
        Assert.Equal(new PartialShape(2), w.Shape);
    }

    [Fact]
    public void Index_cut_off_anywhere_is_refused()
    {
        for (int length = 1; length < GoldenIndex.Length; length++)
        {
            SlipwayException refusal = Assert.Throws<SlipwayException>(() => Open(GoldenIndex[..length], GoldenData).Read("w/.ATTRIBUTES/VARIABLE_VALUE"));
            Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_block_is_noticed()
    {
        for (int i = 0; i < 81 * 8; i++)
        {
            byte[] damaged = [.. GoldenIndex];
            damaged[i / 8] ^= (byte)(1 << (i % 8));

            // The empty metaindex block is never read.
            bool isUnread = i / 8 is >= 68 and < 81;
            if (!isUnread)
            {
                Assert.Throws<SlipwayException>(() => Open(damaged, GoldenData));
            }
        }
    }

    [Fact]
    public void Changed_weights_are_refused()
    {
        byte[] data = [.. GoldenData];
        data[2] ^= 1;

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Open(GoldenIndex, data).Read("w/.ATTRIBUTES/VARIABLE_VALUE"));

        Assert.Contains("checksum", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<SlipwayException>(() => Open(GoldenIndex, GoldenData[..7]).Read("w/.ATTRIBUTES/VARIABLE_VALUE"));
    }

    [Theory]
    [InlineData("0b" + "28" + "68656c6c6f20776f726c64", "hello world")] // one literal of 11 bytes
    [InlineData("0a" + "04" + "6162" + "1e02" + "00", "ababababab")] // a literal of two, then a copy of eight that overlaps what it writes
    public void Snappy_is_unpacked(string packed, string text) => Assert.Equal(text, Encoding.ASCII.GetString(SnappyBlock.Unpack(Convert.FromHexString(packed), 1000)));

    [Theory]
    [InlineData("ffffffff7f00")] // claims gigabytes
    [InlineData("0a046162")] // ends early
    [InlineData("0a0461621e0900")] // copies from before the beginning
    [InlineData("02f0ff")] // a literal longer than what follows
    public void Damaged_snappy_is_refused(string packed) =>
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => SnappyBlock.Unpack(Convert.FromHexString(packed), 1 << 20)).Code);

    [Fact]
    public void Slices_keys_are_decoded()
    {
        // Number 0, text "ab" and its end, rank 2, then [5, 70) by its length 65 and all of the second dimension (0, -1).
        SliceKey? key = SliceKey.TryParse(Convert.FromHexString("00" + "6162" + "0001" + "0102" + "85" + "c041" + "80" + "7f"));

        Assert.Equal("ab", key!.Name);
        Assert.Equal([(5, 65), (0, -1)], key.Extents);
        Assert.Null(SliceKey.TryParse(Convert.FromHexString("0061")));
    }

    [Fact]
    public void Slices_are_put_together_and_cut_out_again()
    {
        BundleEntry entry = new(TensorFlowType.Float, new PartialShape(2, 3), 0, 0, 0, 0, true);
        TensorData Part(params float[] values) => new(TensorFlowType.Float, new PartialShape(2, values.Length / 2), System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray());

        TensorData whole = SliceAssembler.Assemble("v", entry, [(new SliceKey("v", [(0, -1), (0, 1)]), Part(1, 4)), (new SliceKey("v", [(0, -1), (1, 2)]), Part(2, 3, 5, 6))]);

        Assert.Equal([1.0, 2, 3, 4, 5, 6], whole.ToDoubles()!);
        Assert.Equal([2.0, 3, 5, 6], SliceAssembler.Cut(whole, [(0, -1), (1, 2)]).ToDoubles()!);
        Assert.Throws<SlipwayException>(() => SliceAssembler.Assemble("v", entry, [(new SliceKey("v", [(0, -1), (0, 1)]), Part(1, 4))]));
        Assert.Throws<SlipwayException>(() => SliceAssembler.Cut(whole, [(0, -1), (2, 2)]));
    }

    private static VariablesBundle Open(byte[] index, byte[] data) => VariablesBundle.Open(
        new VersionFiles(new MemoryModelArtifact("saved_model.pb", ("variables/variables.index", index), ("variables/variables.data-00000-of-00001", data)), "saved_model.pb"), "")!;
}
