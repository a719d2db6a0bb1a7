using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.XGBoost;

namespace Slipway.Formats.Tests.XGBoost;

public sealed class UbjsonReaderTests
{
    // {"name":"gbtree","ids":int32[1,-1]}
    private const string Golden = "7b4c00000000000000046e616d65534c00000000000000066762747265654c00000000000000036964735b246c234c000000000000000200000001ffffffff7d";

    [Fact]
    public void A_document_as_XGBoost_writes_it_is_read()
    {
        ModelNode document = UbjsonReader.Read(Convert.FromHexString(Golden));

        Assert.Equal("gbtree", document["name"].Text);
        Assert.Equal([1, -1], document["ids"].Integers);
    }

    [Fact]
    public void Cut_off_anywhere_it_is_invalid()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] part = bytes[..length];
            Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => UbjsonReader.Read(part)).Code);
        }
    }

    [Fact]
    public void Flipped_bits_give_a_document_or_an_error_and_nothing_else()
    {
        byte[] bytes = Convert.FromHexString(Golden);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                UbjsonReader.Read(flipped);
            }
            catch (SlipwayException error)
            {
                Assert.Equal(ErrorCode.InvalidModel, error.Code);
            }
        }
    }

    [Theory]
    [InlineData("5b24442344000000")] // a count that is cut off
    [InlineData("5b2444234c7fffffffffffffff")] // 2^63 - 1 doubles
    [InlineData("7b4c7fffffffffffffff")] // a key of 2^63 - 1 bytes
    [InlineData("5b245a234c00000000ffffffff")] // four billion nulls in no bytes
    public void A_length_beyond_the_file_allocates_nothing(string hex)
    {
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => UbjsonReader.Read(Convert.FromHexString(hex))).Code);
    }

    [Fact]
    public void Nesting_without_end_is_invalid()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)'[', 100_000)];
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => UbjsonReader.Read(deep)).Code);
    }
}
