namespace Slipway.Traffic.Rollouts;

/// <summary>A time of the week in which rollouts may begin and go forward, in UTC. Immutable.</summary>
public sealed record RolloutWindow
{
    /// <summary>Days on which it begins. Empty (default): every day.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>When it begins. Default 00:00.</summary>
    public TimeOnly From { get; init; } = TimeOnly.MinValue;

    /// <summary>When it ends, before midnight or, when it isn't after <see cref="From"/>, on the next day. Default 00:00: at the end of the day.</summary>
    public TimeOnly Until { get; init; } = TimeOnly.MinValue;

    /// <summary>Whether a time lies within.</summary>
    public bool Contains(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        TimeOnly clock = TimeOnly.FromDateTime(utc);
        return From < Until
            ? BeginsOn(utc.DayOfWeek) && clock >= From && clock < Until
            : (BeginsOn(utc.DayOfWeek) && clock >= From) || (BeginsOn(utc.AddDays(-1).DayOfWeek) && clock < Until);
    }

    /// <summary>Whether a time lies within one of several windows; without any all times do.</summary>
    public static bool IsOpen(IReadOnlyList<RolloutWindow> windows, DateTimeOffset time) => windows.Count == 0 || windows.Any(window => window.Contains(time));

    private bool BeginsOn(DayOfWeek day) => Days.Count == 0 || Days.Contains(day);
}
