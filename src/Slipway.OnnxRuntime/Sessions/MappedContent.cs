using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>A model's bytes at one address: its memory pinned, or its open file read or mapped.</summary>
internal sealed unsafe class MappedContent : IDisposable
{
    private const int ChunkBytes = 1 << 24;

    private MemoryHandle _pin;
    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;
    private void* _copy;

    private MappedContent(long length)
    {
        Length = length;
    }

    /// <summary>The first byte; null when there are none.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>
    /// Takes the bytes as they are now, so that what is checked is what is loaded even if somebody writes to the file meanwhile.
    /// </summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the file is shorter than it was.</exception>
    public static MappedContent Read(ModelContent content)
    {
        if (content.File is null || content.Length == 0)
        {
            return Pin(content);
        }

        MappedContent read = new(content.Length) { _copy = NativeMemory.AlignedAlloc((nuint)content.Length, TensorBufferPool.Alignment) };
        read.Pointer = (byte*)read._copy;
        try
        {
            for (long at = 0; at < content.Length;)
            {
                Span<byte> chunk = new(read.Pointer + at, (int)Math.Min(ChunkBytes, content.Length - at));
                int got = RandomAccess.Read(content.File, chunk, at);
                at += got > 0 ? got : throw Shorter();
            }

            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>Maps the bytes for reading: nothing is copied, and nothing checked that could change. For weights, which may be many gigabytes.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the file is shorter than it was.</exception>
    public static MappedContent Map(ModelContent content)
    {
        if (content.File is null || content.Length == 0)
        {
            return Pin(content);
        }

        if (RandomAccess.GetLength(content.File) < content.Length)
        {
            throw Shorter();
        }

        MappedContent mapped = new(content.Length);
        try
        {
            mapped._file = MemoryMappedFile.CreateFromFile(
                content.File, null, content.Length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            mapped._view = mapped._file.CreateViewAccessor(0, content.Length, MemoryMappedFileAccess.Read);
            byte* start = null;
            mapped._view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            mapped.Pointer = start + mapped._view.PointerOffset;
            return mapped;
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_view is not null)
        {
            if (Pointer is not null)
            {
                _view.SafeMemoryMappedViewHandle.ReleasePointer();
            }

            _view.Dispose();
            _view = null;
        }

        Pointer = null;
        _file?.Dispose();
        _file = null;
        NativeMemory.AlignedFree(_copy);
        _copy = null;
        _pin.Dispose();
    }

    private static MappedContent Pin(ModelContent content)
    {
        MappedContent pinned = new(content.Length) { _pin = content.Bytes.Pin() };
        pinned.Pointer = (byte*)pinned._pin.Pointer;
        return pinned;
    }

    private static SlipwayException Shorter() => new(ErrorCode.InvalidModel, "a model file became shorter while it was loaded");
}
