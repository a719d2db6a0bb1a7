using System.Runtime.InteropServices;

namespace Slipway.Inference.Loading;

/// <summary>
/// Lets threads that load models give way to threads that serve requests. The framework's thread priorities mean nothing on Linux, where each thread has a nice value of its own
/// (sched(7), setpriority(2)): ten steps up leave a loading thread about a tenth of a core that requests want as well, and all of one that is idle.
/// </summary>
internal static class LanePriority
{
    /// <summary>Nice value of loading threads.</summary>
    public const int Nice = 10;

    private const int OfThread = 0;
    private const int CallingThread = 0;

    /// <summary>Lowers the calling thread's share; for good, as an ordinary user may not raise it again. A system that refuses leaves it as it is.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OfThread, CallingThread, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
