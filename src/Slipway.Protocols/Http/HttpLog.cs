using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>What the HTTP edges log. Event ids 4000 to 4099.</summary>
internal static partial class HttpLog
{
    /// <summary>A failed request: an error when it is our fault, else for those who debug.</summary>
    public static void Failed(ILogger logger, Exception exception, SlipwayException failure)
    {
        if (failure.Code == ErrorCode.Internal)
        {
            Unforeseen(logger, exception);
        }
        else
        {
            Refused(logger, failure.Code, failure.Message);
        }
    }

    [LoggerMessage(4000, LogLevel.Error, "A request failed in an unforeseen way")]
    private static partial void Unforeseen(ILogger logger, Exception exception);

    [LoggerMessage(4001, LogLevel.Debug, "A request was refused: {Code}: {Reason}")]
    private static partial void Refused(ILogger logger, ErrorCode code, string reason);
}
