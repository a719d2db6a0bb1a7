using System.Diagnostics;

namespace Slipway.Registry.CrashHost;

/// <summary>Counts steps and kills the process at one of them, as <c>kill -9</c> does: nothing is tidied up, no handler runs.</summary>
internal sealed class CrashPoint(long at)
{
    private long _steps;

    public long Steps => Interlocked.Read(ref _steps);

    public void Step()
    {
        if (Interlocked.Increment(ref _steps) == at)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
