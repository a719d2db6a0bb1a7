using System.Runtime.InteropServices;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// Native memory in use by the process. With the GNU C library: what its allocator has handed out, which does not change with the managed heap.
/// Elsewhere: the working set, a coarser figure.
/// </summary>
internal static partial class ProcessMemory
{
    private static readonly bool HasAllocatorFigures = Probe();

    /// <summary>Bytes in use now.</summary>
    public static long InUse()
    {
        if (!HasAllocatorFigures)
        {
            return Environment.WorkingSet;
        }

        AllocatorFigures figures = GetAllocatorFigures();
        return (long)(figures.InUse + figures.Mapped);
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            GetAllocatorFigures();
            return true;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, or a GNU one before 2.33.
            return false;
        }
    }

    /// <summary>See https://man7.org/linux/man-pages/man3/mallinfo.3.html.</summary>
    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial AllocatorFigures GetAllocatorFigures();

    // struct mallinfo2: arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct AllocatorFigures
    {
        private readonly nuint _arena;
        private readonly nuint _freeChunks;
        private readonly nuint _fastChunks;
        private readonly nuint _mappedRegions;
        private readonly nuint _mapped;
        private readonly nuint _unused;
        private readonly nuint _fastBytes;
        private readonly nuint _inUse;
        private readonly nuint _free;
        private readonly nuint _releasable;

        public nuint Mapped => _mapped;

        public nuint InUse => _inUse;
    }
}
