using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Trust.Audit;

/// <summary>
/// A log in a folder: segments <c>NUMBER.log</c>, each named by the number of its first entry, and <c>checkpoints.log</c>. Every append is one write and one flush to
/// the disk. A writer holds <c>lock</c>; readers need no lock.
/// </summary>
public sealed class FolderAuditStore : IAuditStore
{
    private const string CheckpointsName = "checkpoints.log";
    private const string SegmentEnding = ".log";
    private const long SegmentBytes = 64 << 20;
    private const long MaxCheckpointBytes = 256 << 20;

    private readonly string _folder;
    private readonly FileStream? _lock;
    private FileStream? _segment;

    private FolderAuditStore(string folder, FileStream? held)
    {
        (_folder, _lock) = (folder, held);
    }

    /// <summary>Opens a log to read it, also while a server writes it.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: there is none.</exception>
    public static FolderAuditStore OpenRead(string folder) => Directory.Exists(folder)
        ? new FolderAuditStore(folder, null)
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"there is no audit log in '{folder}'");

    /// <summary>Opens a log to write it, and makes its folder where there is none.</summary>
    /// <returns>Null when another process writes it.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it can't be written.</exception>
    public static FolderAuditStore? TryOpenWrite(string folder)
    {
        string path = Path.Combine(folder, "lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderAuditStore(folder, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"data: the audit log can't be written: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AuditLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string path in Segments())
        {
            await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            byte[] buffer = new byte[1 << 16];
            (int start, int end) = (0, 0);
            while (true)
            {
                int feed = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
                if (feed >= 0)
                {
                    yield return new AuditLine(buffer.AsMemory(start, feed), true);
                    start += feed + 1;
                    continue;
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length && end <= AuditEntry.MaxBytes + AuditEntry.HashLength)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                // A line too long to be an entry is given out as it is: whoever checks it refuses it.
                int read = end == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
                if (read == 0)
                {
                    break;
                }

                end += read;
            }

            if (end > 0)
            {
                yield return new AuditLine(buffer.AsMemory(0, end), false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> RecoverAsync(CancellationToken cancellationToken)
    {
        if (Segments().LastOrDefault() is not { } last)
        {
            return ValueTask.FromResult(0L);
        }

        using FileStream segment = new(last, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        long whole = EndOfLastLine(segment);
        long torn = segment.Length - whole;
        if (torn > 0)
        {
            segment.SetLength(whole);
            segment.Flush(flushToDisk: true);
        }

        return ValueTask.FromResult(torn);
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(long first, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_segment is null || _segment.Length > SegmentBytes)
        {
            _segment?.Dispose();
            string? last = Segments().LastOrDefault();
            string path = last is not null && new FileInfo(last).Length <= SegmentBytes
                ? last
                : Path.Combine(_folder, first.ToString("D12", CultureInfo.InvariantCulture) + SegmentEnding);
            _segment = OpenAppend(path);
        }

        await _segment.WriteAsync(lines, CancellationToken.None);
        _segment.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadCheckpointsAsync(CancellationToken cancellationToken)
    {
        FileInfo file = new(Path.Combine(_folder, CheckpointsName));
        if (!file.Exists)
        {
            return [];
        }

        if (file.Length > MaxCheckpointBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the checkpoints of the audit log have more than {MaxCheckpointBytes} bytes");
        }

        byte[] bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
        List<ReadOnlyMemory<byte>> lines = [];
        for (int start = 0; bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length; start += length + 1)
        {
            lines.Add(bytes.AsMemory(start, length));
        }

        return lines;
    }

    /// <inheritdoc/>
    public async ValueTask AppendCheckpointAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await using FileStream file = new(Path.Combine(_folder, CheckpointsName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        file.Position = EndOfLastLine(file);
        byte[] whole = [.. line.Span, (byte)'\n'];
        await file.WriteAsync(whole, cancellationToken);
        file.SetLength(file.Position);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segment?.Dispose();
        _lock?.Dispose();
    }

    // Names are numbers of twelve digits, so that their order is that of the entries.
    private IEnumerable<string> Segments() => Directory.EnumerateFiles(_folder, "*" + SegmentEnding)
        .Where(static path => Path.GetFileName(path) != CheckpointsName)
        .Order(StringComparer.Ordinal);

    private FileStream OpenAppend(string path)
    {
        bool isNew = !File.Exists(path);
        FileStream segment = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 1);
        if (isNew)
        {
            FlushFolder();
        }

        return segment;
    }

    // A new name is durable only when its folder is. Only Linux lets a folder be opened for that.
    private void FlushFolder()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            using SafeFileHandle folder = File.OpenHandle(_folder);
            RandomAccess.FlushToDisk(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A file system without that: the name is as durable as it makes it.
        }
    }

    private static long EndOfLastLine(FileStream file)
    {
        byte[] piece = new byte[1 << 12];
        for (long end = file.Length; end > 0;)
        {
            int length = (int)Math.Min(piece.Length, end);
            file.Position = end - length;
            file.ReadExactly(piece, 0, length);
            int feed = piece.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (feed >= 0)
            {
                return end - length + feed + 1;
            }

            end -= length;
        }

        return 0;
    }
}
