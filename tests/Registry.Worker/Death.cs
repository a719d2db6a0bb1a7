using System.Diagnostics;
using System.Globalization;

namespace Slipway.Registry.Worker;

/// <summary>
/// Kills this process at a step: as <c>kill -9</c>, with nothing run down. Steps are counted where the process meets the world: at the answer of every statement to PostgreSQL and of every
/// request to object storage that may change something, as the libraries' own tracing tells them, and before the process says that something is done. Between two steps nothing that
/// others see changes.
/// </summary>
internal static class Death
{
    private static long _steps;
    private static long _last = long.MaxValue;

    /// <summary>Steps so far.</summary>
    public static long Steps => Interlocked.Read(ref _steps);

    /// <summary>Begins to count; dies at the step that the environment names, if it names one.</summary>
    public static void Arm()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_WORKER_DIES_AT") is { } step)
        {
            _last = long.Parse(step, CultureInfo.InvariantCulture);
        }

        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Npgsql" or "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = static activity =>
            {
                if (!IsReading(activity))
                {
                    Step();
                }
            },
        });
    }

    // https://opentelemetry.io/docs/specs/semconv/: names of the tags.
    private static bool IsReading(Activity activity) =>
        activity.GetTagItem("http.request.method") is "GET" or "HEAD"
        || (activity.GetTagItem("db.query.text") as string)?.TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Takes one step.</summary>
    public static void Step()
    {
        if (Interlocked.Increment(ref _steps) == _last)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
