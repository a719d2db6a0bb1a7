using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Formats.Abstractions;

/// <summary>One open file of a version: a file of this machine, or a stream that is read into memory when its content is asked for.</summary>
public sealed class VersionFile : IDisposable
{
    private const int ChunkSize = 80 * 1024;

    private readonly SafeFileHandle? _handle;
    private readonly Func<Stream>? _open;
    private string? _hash;

    internal VersionFile(string name, long length, SafeFileHandle handle)
    {
        (Name, Length, _handle) = (name, length, handle);
    }

    internal VersionFile(string name, long length, Func<Stream> open)
    {
        (Name, Length, _open) = (name, length, open);
    }

    /// <summary>Name within the version.</summary>
    public string Name { get; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>The open file, where there is one.</summary>
    public SafeFileHandle? Handle => _handle;

    /// <summary>Reads the file from its start. The stream is the caller's; closing it leaves the file open.</summary>
    public Stream OpenRead() => _handle is null ? _open!() : new HandleStream(_handle, Length);

    /// <summary>Reads the first <paramref name="count"/> bytes, or fewer when the file is shorter.</summary>
    public byte[] ReadHead(int count)
    {
        byte[] head = new byte[Math.Min(count, Length)];
        using Stream stream = OpenRead();
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read];
    }

    /// <summary>SHA-256 of the content as lower-case hex.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the file has another length than was listed.</exception>
    public string ComputeHash(CancellationToken cancellationToken)
    {
        if (_hash is not null)
        {
            return _hash;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Stream stream = OpenRead();

        // Of the large object heap a buffer for every version would soon ask for a collection of everything, which holds up requests.
        byte[] buffer = new byte[Math.Clamp(Length, 1, ChunkSize)];
        long total = 0;
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        return total == Length
            ? _hash = Convert.ToHexStringLower(hash.GetHashAndReset())
            : throw new SlipwayException(ErrorCode.InvalidModel, $"file '{Name}' changed while it was read: {Length} bytes were listed, {total} read");
    }

    internal ModelContent ToContent()
    {
        if (_handle is not null)
        {
            return new ModelContent(_handle, Length);
        }

        if (Length > Array.MaxLength)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"file '{Name}' has {Length} bytes: too many to be held in memory");
        }

        byte[] bytes = new byte[Length];
        using Stream stream = OpenRead();
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? new ModelContent(bytes)
            : throw new SlipwayException(ErrorCode.InvalidModel, $"file '{Name}' is shorter than was listed");
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();
}
