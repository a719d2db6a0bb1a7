using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>The <c>grpc-timeout</c> header: up to eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>Reads the header's value.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>.</exception>
    public static TimeSpan Parse(string value)
    {
        if (value.Length is < 2 or > MaxDigits + 1 || value.AsSpan(0, value.Length - 1).ContainsAnyExceptInRange('0', '9'))
        {
            throw Malformed();
        }

        long amount = 0;
        foreach (char digit in value.AsSpan(0, value.Length - 1))
        {
            amount = (amount * 10) + (digit - '0');
        }

        // The largest, 99,999,999 hours, fits a TimeSpan.
        return value[^1] switch
        {
            'n' => TimeSpan.FromTicks((amount + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick),
            'u' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMicrosecond),
            'm' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMillisecond),
            'S' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerSecond),
            'M' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerMinute),
            'H' => TimeSpan.FromTicks(amount * TimeSpan.TicksPerHour),
            _ => throw Malformed(),
        };
    }

    private static SlipwayException Malformed() =>
        new(ErrorCode.InvalidRequest, "grpc-timeout: expected up to eight digits and one of n, u, m, S, M, H");
}
