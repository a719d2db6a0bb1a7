using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Inference.Repository.Files;

/// <summary>Opens files below a folder without following a link on the way.</summary>
internal static class PlainFile
{
    /// <summary>Opens <paramref name="name"/> (relative, <c>/</c> between folders, no <c>..</c>) below the real path <paramref name="folder"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when a part of the name is a link, or the file can't be opened.</exception>
    public static SafeFileHandle Open(string folder, string name)
    {
        string path = folder;
        foreach (string part in name.Split('/'))
        {
            path = Path.Combine(path, part);
            if (IsLink(path))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' is, or lies behind, a symbolic link: links inside a version are refused");
            }
        }

        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

            // Between the check and the open a link may have been put in the way. Linux tells what was opened.
            if (OpenedPath(file) is { } opened && opened != path)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' was replaced by a link while it was opened");
            }

            SafeFileHandle result = file;
            file = null;
            return result;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' can't be opened: {Reason(fault)}", fault);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Whether something at <paramref name="path"/> is a symbolic link.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>What went wrong, without paths.</summary>
    public static string Reason(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it is gone",
        UnauthorizedAccessException => "access is denied",
        PathTooLongException => "its path is too long",
        _ => $"input/output error {fault.HResult.ToString(CultureInfo.InvariantCulture)}",
    };

    private static string? OpenedPath(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}")).LinkTarget;
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }
}
