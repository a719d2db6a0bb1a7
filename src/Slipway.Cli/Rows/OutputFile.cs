using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Slipway.Cli.Terminal;
using Slipway.Core.Rows;

namespace Slipway.Cli.Rows;

/// <summary>
/// A file that appears under its name only when it is whole: it is written beside it and renamed at the end. Standard output and devices are written as they
/// are. Not thread-safe.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly string _name;
    private readonly string? _temporary;
    private readonly Stream _stream;
    private bool _isDone;

    private OutputFile(string name, string? temporary, Stream stream)
    {
        _name = name;
        _temporary = temporary;
        _stream = stream;
    }

    /// <summary>Begins a file.</summary>
    /// <param name="name">The file, or <see cref="RowFiles.Standard"/>.</param>
    /// <exception cref="CliException">There is no such folder, or the name is one.</exception>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static OutputFile Create(string name)
    {
        if (name == RowFiles.Standard)
        {
            return new OutputFile(name, null, StandardOutput());
        }

        if (IsDevice(name))
        {
            return new OutputFile(name, null, new FileStream(name, FileMode.Open, FileAccess.Write));
        }

        // A link is kept and what it points at replaced.
        FileSystemInfo? linked = File.Exists(name) ? File.ResolveLinkTarget(name, returnFinalTarget: true) : null;
        string target = linked?.FullName ?? Path.GetFullPath(name);
        if (Directory.Exists(target))
        {
            throw new CliException(ExitCode.Usage, $"the output '{name}' is a folder; expected a file");
        }

        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new CliException(ExitCode.Usage, $"there is no folder for '{name}'");
        }

        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        FileStream file = new(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        return new OutputFile(target, temporary, RowFormats.IsCompressed(target) ? new GZipStream(file, CompressionLevel.Fastest) : file);
    }

    /// <summary>Adds bytes.</summary>
    /// <exception cref="IOException">The disk is full, or whoever read standard output is gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException failure) when (_name == RowFiles.Standard)
        {
            // A stream over a file says which one by itself.
            throw new IOException($"standard output: {failure.Message}", failure);
        }
    }

    /// <summary>Says that the file is whole and gives it its name, replacing one that is there.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await _stream.FlushAsync(cancellationToken);
        await _stream.DisposeAsync();
        if (_temporary is not null)
        {
            File.Move(_temporary, _name, overwrite: true);
        }

        _isDone = true;
    }

    /// <summary>Removes a file that was not completed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDone)
        {
            return;
        }

        _isDone = true;
        try
        {
            await _stream.DisposeAsync();
        }
        finally
        {
            if (_temporary is not null)
            {
                File.Delete(_temporary);
            }
        }
    }

    // The console's own stream takes writes to a closed pipe in silence: `| head` would not end the run. Where standard output is a file, though, a stream of ours
    // would write at a place of its own counting, and whatever writes there next (another command of the same redirection) would write over it.
    private static Stream StandardOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            FileStream own = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!own.CanSeek)
            {
                return own;
            }
        }

        return Console.OpenStandardOutput();
    }

    // What can't be replaced by a rename: /dev/null, /dev/stdout, a named pipe.
    private static bool IsDevice(string name) =>
        File.Exists(name) && (Path.GetFullPath(name).StartsWith("/dev/", StringComparison.Ordinal)
            || (File.GetAttributes(name) & (FileAttributes.Device | FileAttributes.ReparsePoint)) == FileAttributes.Device);
}
