using Slipway.Core;

namespace Slipway.Registry.Blobs;

/// <summary>File operations whose faults are told without a path.</summary>
internal static class BlobFiles
{
    // ENOSPC and EDQUOT of Linux and macOS, ERROR_DISK_FULL of Windows, as .NET reports them.
    private static readonly int[] FullDisk = [28, 122, 69, unchecked((int)0x80070070)];

    public static void Do(Action operation) => Do(() =>
    {
        operation();
        return true;
    });

    public static T Do<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Translate(exception);
        }
    }

    private static SlipwayException Translate(Exception exception) => new(
        FullDisk.Contains(exception.HResult) ? "the blob store's disk is full; nothing was stored" : "the blob store's folder can't be read or written",
        exception);
}
