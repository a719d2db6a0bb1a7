using System.Runtime.InteropServices;

namespace Slipway.OnnxRuntime.Native;

/// <summary>
/// Keeps the engine from reporting to its vendor. Since 1.29 its Linux and macOS builds send names, producers and hashes of models and the times of their runs
/// unless the environment forbids it before the library is loaded; the switch in the API comes too late, when files have been written and a clock is read and
/// a lock taken in every run.
/// </summary>
internal static partial class OrtTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Forbids it for this process, whatever was set. To be called before the library is loaded.</summary>
    public static void TurnOff()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // The runtime keeps a copy of the environment of its own: the engine asks the C library.
        try
        {
            _ = SetEnvironmentVariable(Variable, "1", overwrite: 1);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // No C library of that name: the switch in the API remains.
        }
    }

    /// <summary>See https://man7.org/linux/man-pages/man3/setenv.3.html.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
