using System.Globalization;

namespace Slipway.Bench.Processes;

/// <summary>What the kernel says of a process (Linux).</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;
    private const long PageSize = 4096;

    /// <summary>CPU time, user and system, in steps of 10 ms.</summary>
    public static TimeSpan CpuTime(int id)
    {
        string[] fields = StatFields(id);
        double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long ResidentBytes(int id) => long.Parse(StatFields(id)[21], CultureInfo.InvariantCulture) * PageSize;

    // proc(5): the second field is a name that may hold anything, so count from behind its closing parenthesis.
    private static string[] StatFields(int id)
    {
        string stat = File.ReadAllText($"/proc/{id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
