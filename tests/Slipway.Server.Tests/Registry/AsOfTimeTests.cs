using Slipway.Core;
using Slipway.Server.Registry;

namespace Slipway.Server.Tests.Registry;

public sealed class AsOfTimeTests
{
    [Theory]
    [InlineData("2026-03-01T12:00Z", "2026-03-01T12:00:00.000Z")]
    [InlineData("2026-03-01T12:00:30.5Z", "2026-03-01T12:00:30.500Z")]
    [InlineData("2026-03-01T12:00:30+02:00", "2026-03-01T10:00:30.000Z")]
    [InlineData("2026-03-01T12:00", "2026-03-01T12:00:00.000Z")]
    [InlineData("2026-03-01 12:00", "2026-03-01T12:00:00.000Z")]
    [InlineData("2026-03-01", "2026-03-01T00:00:00.000Z")]
    public void Times_of_ISO_8601_are_read_as_UTC_unless_they_say_otherwise(string text, string expected) =>
        Assert.Equal(expected, AsOfTime.Parse(text).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("01/03/2026")]
    [InlineData("2026-02-30")]
    [InlineData("12:00")]
    [InlineData("1772366400")]
    public void Anything_else_is_refused(string text) => Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => AsOfTime.Parse(text)).Code);
}
