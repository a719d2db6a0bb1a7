using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Registry.Blobs;

/// <summary>Folders: for this user only, and with entries that survive a loss of power.</summary>
internal static class FolderFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder and those above it that are missing, closed to other users where the system knows such a thing.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>Makes the content of a file durable.</summary>
    public static void SyncFile(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>
    /// Makes names that were added to or removed from a folder durable (fsync(2) of the directory); .NET opens no directories. NTFS journals names by itself. Best effort: a file system
    /// that can't sync folders is no reason to refuse.
    /// </summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, 0);
        if (descriptor >= 0)
        {
            _ = Fsync(descriptor);
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Lets the system begin to bring a part of a file to the disk, without waiting for it as a sync does, which would hold a thread of the pool. Makes nothing durable; a sync that
    /// follows has less to do. Nothing where there is no such call.
    /// </summary>
    public static void SendToDisk(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, offset, length, BeginWriting);
        }
    }

    // SYNC_FILE_RANGE_WRITE
    private const uint BeginWriting = 2;

    // https://man7.org/linux/man-pages/man2/sync_file_range.2.html
    [DllImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    // https://man7.org/linux/man-pages/man2/open.2.html; flag 0 is O_RDONLY on every Unix.
    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    // https://man7.org/linux/man-pages/man2/fsync.2.html
    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    // https://man7.org/linux/man-pages/man2/close.2.html
    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
