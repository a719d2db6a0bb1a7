using System.Diagnostics;
using System.Text;
using Slipway.Core;

namespace Slipway.Security.Secrets;

/// <summary>Where a secret is: in a file, an environment variable, or what a command prints. Never the secret itself, so that it can be shown and logged.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Place">File, variable, or program.</param>
/// <param name="Arguments">The program's arguments.</param>
public sealed record SecretReference(SecretKind Kind, string Place, IReadOnlyList<string> Arguments)
{
    private const int MostBytes = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Reads the secret as it is now; line ends behind it are left out.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it can't be had, or is empty. The message holds nothing of it.</exception>
    public string Read()
    {
        string text;
        try
        {
            text = Kind switch
            {
                SecretKind.File => ReadFile(),
                SecretKind.Environment => Environment.GetEnvironmentVariable(Place) ?? "",
                _ => RunCommand(),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"the secret in {this} can't be read", fault);
        }

        text = text.TrimEnd('\r', '\n');
        return text.Length > 0 ? text : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"the secret in {this} is empty");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SecretKind.File => $"file '{Place}'",
        SecretKind.Environment => $"environment variable '{Place}'",
        _ => $"the output of '{Place}'",
    };

    private string ReadFile() => new FileInfo(Place).Length <= MostBytes
        ? File.ReadAllText(Place, Encoding.UTF8)
        : throw new IOException("the file is too large for a secret");

    private string RunCommand()
    {
        ProcessStartInfo start = new(Place, Arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start) ?? throw new IOException("the program did not start");
        char[] buffer = new char[MostBytes];
        using Timer end = new(static state => Kill((Process)state!), process, Patience, Timeout.InfiniteTimeSpan);
        int length = process.StandardOutput.ReadBlock(buffer);
        process.WaitForExit();
        return process.ExitCode == 0 && length < MostBytes ? new string(buffer, 0, length) : throw new IOException("the program failed, took too long or printed too much");
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }
}
