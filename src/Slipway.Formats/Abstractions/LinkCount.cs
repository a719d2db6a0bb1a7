using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Formats.Abstractions;

/// <summary>
/// How many names an open file has. The framework does not tell, so Linux is asked (<c>statx(2)</c>, whose layout is the same on every
/// architecture); elsewhere the answer is not known.
/// </summary>
public static class LinkCount
{
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself.
    private const uint WantLinks = 0x4; // STATX_NLINK
    private const int LinksOffset = 16;
    private const int StructSize = 256;

    /// <summary>The number of names, or null where it can't be known.</summary>
    public static int? Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            byte[] result = new byte[StructSize];
            return StatX((int)file.DangerousGetHandle(), [0], EmptyPath, WantLinks, result) == 0
                ? (int)BinaryPrimitives.ReadUInt32LittleEndian(result.AsSpan(LinksOffset))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library without the call (glibc before 2.28).
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    // https://man7.org/linux/man-pages/man2/statx.2.html
    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int directory, byte[] path, int flags, uint mask, byte[] result);
}
