using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Slipway.Bench.Load;

/// <summary>Sleeps of less than a millisecond, which <see cref="Thread.Sleep(TimeSpan)"/> rounds. Linux only, as the bench is.</summary>
internal static class FineSleep
{
    private const int SetTimerSlack = 29;
    private const long NanosecondsPerSecond = 1_000_000_000;

    [ThreadStatic]
    private static bool t_isFine;

    /// <summary>Sleeps until a time of <see cref="Stopwatch.GetTimestamp"/>, to some ten microseconds; returns at once when it has passed.</summary>
    public static void Until(long timestamp)
    {
        if (!t_isFine)
        {
            // By default the system may let a thread sleep 50 µs longer, to wake several at once.
            _ = Control(SetTimerSlack, 1, 0, 0, 0);
            t_isFine = true;
        }

        long left = (long)((timestamp - Stopwatch.GetTimestamp()) * ((double)NanosecondsPerSecond / Stopwatch.Frequency));
        if (left > 0)
        {
            Timespec time = new(left / NanosecondsPerSecond, left % NanosecondsPerSecond);
            _ = Sleep(in time, 0);
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint value, nuint second, nuint third, nuint fourth);

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(in Timespec time, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec(long seconds, long nanoseconds)
    {
        private readonly long _seconds = seconds;
        private readonly long _nanoseconds = nanoseconds;
    }
}
