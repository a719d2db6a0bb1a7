using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Registry.S3.Writing;

/// <summary>
/// Content that was read to its end, with its digest: in memory when it is small, else in a nameless file that goes away with the process, however that ends. Object storage keeps a
/// blob under its digest, which is known only at the end of the content; the alternative, an upload under another name and a copy on the server, pays every byte twice there and leaves
/// rubbish behind when it is interrupted.
/// </summary>
internal sealed class Spool : IDisposable
{
    /// <summary>Most content that is held in memory, in bytes.</summary>
    public const int MemoryBytes = 1 << 20;

    private const int BufferBytes = 256 << 10;

    private readonly byte[] _memory = ArrayPool<byte>.Shared.Rent(MemoryBytes);
    private SafeFileHandle? _file;

    private Spool()
    {
    }

    /// <summary>Digest of the content.</summary>
    public Sha256Digest Digest { get; private set; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Reads content to its end.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PayloadTooLarge"/>; <see cref="ErrorCode.StoreUnavailable"/> when the folder has no room.</exception>
    public static async Task<Spool> ReadAsync(Stream content, long maxBytes, string? folder, CancellationToken cancellationToken)
    {
        Spool spool = new();
        try
        {
            await spool.FillAsync(content, maxBytes, folder, cancellationToken);
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>A stream over <paramref name="count"/> bytes from <paramref name="offset"/>; any number of them may be read at once while the spool lives.</summary>
    public Stream OpenRead(long offset, long count) => _file is { } file
        ? new SpoolWindow(file, offset, count)
        : new MemoryStream(_memory, (int)offset, (int)count, writable: false);

    /// <summary>Reads at a place; as many bytes as there are and fit.</summary>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = (int)Math.Min(buffer.Length, Length - offset);
        if (_file is { } file)
        {
            return await RandomAccess.ReadAsync(file, buffer[..count], offset, cancellationToken);
        }

        _memory.AsSpan((int)offset, count).CopyTo(buffer.Span);
        return count;
    }

    public void Dispose()
    {
        _file?.Dispose();
        ArrayPool<byte>.Shared.Return(_memory);
    }

    private async Task FillAsync(Stream content, long maxBytes, string? folder, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (Length + read > maxBytes)
                {
                    throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the content has more than {maxBytes} bytes");
                }

                hash.AppendData(buffer, 0, read);
                await AppendAsync(buffer.AsMemory(0, read), folder, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Digest = Sha256Digest.FromHash(hash.GetHashAndReset());
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, string? folder, CancellationToken cancellationToken)
    {
        if (_file is null && Length + bytes.Length <= MemoryBytes)
        {
            bytes.Span.CopyTo(_memory.AsSpan((int)Length));
            Length += bytes.Length;
            return;
        }

        try
        {
            if (_file is null)
            {
                _file = CreateFile(folder ?? Path.GetTempPath());
                await RandomAccess.WriteAsync(_file, _memory.AsMemory(0, (int)Length), 0, cancellationToken);
            }

            await RandomAccess.WriteAsync(_file, bytes, Length, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.StoreUnavailable, "the folder for blobs on their way can't be written, or has no room", fault);
        }

        Length += bytes.Length;
    }

    private static SafeFileHandle CreateFile(string folder)
    {
        string name = Path.Combine(folder, $"slipway-{Guid.NewGuid():N}.part");
        SafeFileHandle file = File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // Without a name at once: a process that is killed leaves nothing. Windows removes it on closing, which the system does for a killed process too.
            File.Delete(name);
        }

        return file;
    }
}
