using System.Globalization;
using Slipway.Core;

namespace Slipway.Server.Registry;

/// <summary>Moments of the past as people and programs write them.</summary>
public static class AsOfTime
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-ddK",
    ];

    /// <summary>Reads a time of ISO 8601: <c>2026-03-01T12:00Z</c>, with or without seconds; without an offset it is UTC; a date alone is its beginning.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the text is none.</exception>
    public static DateTimeOffset Parse(string text) => DateTimeOffset.TryParseExact(
        text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
        ? time
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"'{text}' is no time: 2026-03-01T12:00Z was expected");
}
