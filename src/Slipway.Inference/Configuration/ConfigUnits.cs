using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Inference.Configuration;

/// <summary>Durations and sizes as people write them, always with their unit.</summary>
public static partial class ConfigUnits
{
    /// <summary>How a duration is written.</summary>
    public const string DurationForm = "a duration with its unit: 500us, 5ms, 2s, 1m30s, 12h, 7d";

    /// <summary>How a size is written.</summary>
    public const string SizeForm = "a size with its unit: 512B, 64KiB, 256MiB, 2GiB (or KB, MB, GB for powers of 1000)";

    /// <summary>Reads a duration of zero or more; a bare 0 needs no unit.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        Match match = Durations().Match(text);
        if (!match.Success)
        {
            return false;
        }

        decimal ticks = 0;
        for (int i = 0; i < match.Groups[1].Captures.Count; i++)
        {
            if (!decimal.TryParse(match.Groups[1].Captures[i].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                || number > long.MaxValue)
            {
                return false;
            }

            ticks += number * match.Groups[2].Captures[i].Value switch
            {
                "us" => TimeSpan.TicksPerMicrosecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                "s" => TimeSpan.TicksPerSecond,
                "m" => TimeSpan.TicksPerMinute,
                "h" => TimeSpan.TicksPerHour,
                _ => TimeSpan.TicksPerDay,
            };
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Reads a size of zero or more bytes; a bare 0 needs no unit.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        if (text == "0")
        {
            return true;
        }

        Match match = Size().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
        {
            return false;
        }

        decimal factor = match.Groups[2].Value switch
        {
            "B" => 1,
            "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            _ => 1L << 40,
        };
        if (number > long.MaxValue / factor)
        {
            return false;
        }

        bytes = (long)(number * factor);
        return true;
    }

    [GeneratedRegex(@"^(?:([0-9]{1,18}(?:\.[0-9]{1,9})?)(us|ms|s|m|h|d)){1,6}\z")]
    private static partial Regex Durations();

    [GeneratedRegex(@"^([0-9]{1,18}(?:\.[0-9]{1,9})?) ?(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)\z")]
    private static partial Regex Size();
}
