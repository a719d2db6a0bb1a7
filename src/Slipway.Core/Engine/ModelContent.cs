using Microsoft.Win32.SafeHandles;

namespace Slipway.Core;

/// <summary>
/// Bytes of a model: either in memory or an open file, which a runtime may map. The open handle, not a name, is handed on, so that what was
/// checked is what is loaded.
/// </summary>
public sealed class ModelContent : IDisposable
{
    /// <summary>Content in memory.</summary>
    public ModelContent(ReadOnlyMemory<byte> bytes)
    {
        Bytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>Content of an open, readable file of <paramref name="length"/> bytes; the handle now belongs to this object.</summary>
    public ModelContent(SafeFileHandle file, long length)
    {
        File = file;
        Length = length;
    }

    /// <summary>The bytes, when <see cref="File"/> is null.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The open file, or null when the content is in <see cref="Bytes"/>.</summary>
    public SafeFileHandle? File { get; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>Closes the file.</summary>
    public void Dispose() => File?.Dispose();
}
