using Slipway.Core;
using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.Tests.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("601n", 7)]
    [InlineData("99999999H", 99_999_999 * 36_000_000_000)]
    [InlineData("0S", 0)]
    public void Parse_valid_value_gives_ticks(string value, long ticks) => Assert.Equal(ticks, GrpcTimeout.Parse(value).Ticks);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("1s")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("١S")]
    public void Parse_malformed_value_is_an_invalid_request(string value) =>
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => GrpcTimeout.Parse(value)).Code);
}
