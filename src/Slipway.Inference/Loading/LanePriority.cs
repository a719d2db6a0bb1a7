using System.Runtime.InteropServices;

namespace Slipway.Inference.Loading;

/// <summary>
/// Lets threads that load models give way to threads that serve requests. The framework's thread priorities mean nothing on Linux, where each thread has attributes of its own
/// (sched(7), sched_setattr(2)).
/// </summary>
/// <remarks>
/// The nice value says how much: ten steps up leave a loading thread about a tenth of a core that requests want as well, and all of one that is idle. The slice says when:
/// since Linux 6.6 a thread runs its slice to the end although a more important one has become ready on its core, unless that one's own slice is shorter. With the longest slice there is, a
/// loading thread is left by the core as soon as a request comes, instead of some milliseconds later. Threads of the scheduling class for idle times give way as quickly, but would hardly ever
/// run in a server that is always busy, and could not be raised again.
/// </remarks>
internal static class LanePriority
{
    /// <summary>Nice value of loading threads.</summary>
    public const int Nice = 10;

    /// <summary>Slice of loading threads: the longest that Linux gives.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private const int OfThread = 0;
    private const int CallingThread = 0;

    // sched_setattr(2) has no wrapper in C libraries before 2024; its number differs between processors.
    private static readonly nint SetAttributesCall = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => 0,
    };

    /// <summary>Lowers the calling thread's share; for good, as an ordinary user may not raise it again. A system that refuses leaves it as it is.</summary>
    public static void Lower()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return;
        }

        // Kernels before 6.12 know no slices of threads and take the nice value alone; sandboxes may know the older call alone.
        Attributes attributes = new() { Size = (uint)Marshal.SizeOf<Attributes>(), Nice = Nice, SliceNanoseconds = (ulong)Slice.TotalNanoseconds };
        if (SetAttributesCall == 0 || SystemCall(SetAttributesCall, CallingThread, ref attributes, 0) != 0)
        {
            _ = SetPriority(OfThread, CallingThread, Nice);
        }
    }

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number, nint thread, ref Attributes attributes, nint flags);

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);

    // struct sched_attr, its first version.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;

        // 0: the ordinary one.
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint RealTimePriority;
        public ulong SliceNanoseconds;
        public ulong Deadline;
        public ulong Period;
    }
}
