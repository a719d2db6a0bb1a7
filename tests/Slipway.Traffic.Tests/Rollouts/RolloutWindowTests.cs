using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Tests.Rollouts;

public sealed class RolloutWindowTests
{
    private static readonly RolloutWindow Office = new() { Days = [DayOfWeek.Monday, DayOfWeek.Thursday], From = new(9, 0), Until = new(16, 30) };
    private static readonly RolloutWindow Night = new() { Days = [DayOfWeek.Saturday], From = new(22, 0), Until = new(4, 0) };

    [Theory]
    [InlineData("2026-11-16T08:59:59Z", false)]
    [InlineData("2026-11-16T09:00:00Z", true)]
    [InlineData("2026-11-16T16:29:59Z", true)]
    [InlineData("2026-11-16T16:30:00Z", false)]
    [InlineData("2026-11-17T12:00:00Z", false)]
    [InlineData("2026-11-16T10:00:00+02:00", false)]
    public void A_window_of_a_day_is_open_on_its_days_from_its_beginning_to_before_its_end(string time, bool isOpen) => Assert.Equal(isOpen, Office.Contains(At(time)));

    [Theory]
    [InlineData("2026-11-21T21:59:00Z", false)]
    [InlineData("2026-11-21T23:59:00Z", true)]
    [InlineData("2026-11-22T03:59:00Z", true)]
    [InlineData("2026-11-22T04:00:00Z", false)]
    [InlineData("2026-11-21T03:00:00Z", false)]
    [InlineData("2026-11-22T23:00:00Z", false)]
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_begins(string time, bool isOpen) => Assert.Equal(isOpen, Night.Contains(At(time)));

    [Fact]
    public void Without_windows_it_is_always_open_and_a_window_without_anything_is_every_day_long()
    {
        Assert.True(RolloutWindow.IsOpen([], At("2026-11-22T23:00:00Z")));
        Assert.True(RolloutWindow.IsOpen([Office, new RolloutWindow()], At("2026-11-22T23:59:59.9999999Z")));
        Assert.False(RolloutWindow.IsOpen([Office, Night], At("2026-11-18T12:00:00Z")));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
