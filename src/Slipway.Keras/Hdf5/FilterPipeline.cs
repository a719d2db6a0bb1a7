using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Slipway.Keras.Hdf5;

/// <summary>What chunks went through when they were written, undone in reverse order: deflate, shuffle, Fletcher-32.</summary>
internal sealed class FilterPipeline
{
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Fletcher32 = 3;
    private const int MaxFilters = 32;

    private readonly List<(int Id, int Value)> _filters;

    private FilterPipeline(List<(int Id, int Value)> filters)
    {
        _filters = filters;
    }

    /// <summary>Chunks as they are.</summary>
    public static FilterPipeline None { get; } = new([]);

    /// <summary>Number of filters.</summary>
    public int Count => _filters.Count;

    /// <summary>Reads a filter pipeline message, versions 1 and 2.</summary>
    /// <exception cref="Core.SlipwayException">A filter is none of the three; its name is told.</exception>
    public static FilterPipeline Read(Hdf5Image image, ReadOnlyMemory<byte> message)
    {
        Hdf5Cursor cursor = image.Read(message, "a filter pipeline");
        int version = cursor.U8();
        int count = cursor.U8();
        cursor.Skip(version == 1 ? 6 : 0);
        if (version is not (1 or 2) || count > MaxFilters)
        {
            throw Hdf5Fault.Damaged($"a pipeline of {count} filters (version {version})");
        }

        List<(int Id, int Value)> filters = [];
        for (int i = 0; i < count; i++)
        {
            int id = cursor.U16();
            int nameLength = version == 1 || id >= 256 ? cursor.U16() : 0;
            cursor.Skip(2); // flags
            int values = cursor.U16();
            string name = Encoding.ASCII.GetString(cursor.Take(version == 1 ? (nameLength + 7) & ~7 : nameLength)).TrimEnd('\0');
            uint first = 0;
            for (int v = 0; v < values; v++)
            {
                uint value = cursor.U32();
                first = v == 0 ? value : first;
            }

            cursor.Skip(version == 1 && values % 2 == 1 ? 4 : 0);
            if (id is not (Deflate or Shuffle or Fletcher32))
            {
                throw Hdf5Fault.NotSupported($"data compressed with the filter '{(name.Length > 0 ? name : id)}'");
            }

            filters.Add((id, (int)Math.Min(first, int.MaxValue)));
        }

        return new FilterPipeline(filters);
    }

    /// <summary>The chunk before it was filtered.</summary>
    /// <param name="skipped">Bit i: filter i was left out.</param>
    /// <param name="size">The size it has then.</param>
    public ReadOnlyMemory<byte> Undo(Hdf5Image image, ReadOnlyMemory<byte> stored, uint skipped, int size)
    {
        ReadOnlyMemory<byte> data = stored;
        for (int i = _filters.Count - 1; i >= 0; i--)
        {
            if ((skipped & (1u << i)) == 0)
            {
                data = _filters[i].Id switch
                {
                    // A checksum may have been added before the data was compressed.
                    Deflate => Inflate(image, data, size + (4 * _filters.Count)),
                    Shuffle => Unshuffle(data, _filters[i].Value),
                    _ => Verify(data),
                };
            }
        }

        return data.Length == size ? data : throw Hdf5Fault.Damaged($"a chunk has {data.Length} bytes where its shape wants {size}");
    }

    private static ReadOnlyMemory<byte> Inflate(Hdf5Image image, ReadOnlyMemory<byte> data, int most)
    {
        image.SpendDecoded(most);
        byte[] result = new byte[most];
        try
        {
            using ZLibStream stream = new(new MemoryStream(data.ToArray(), writable: false), CompressionMode.Decompress);
            int read = stream.ReadAtLeast(result, most, throwOnEndOfStream: false);
            return result.AsMemory(0, read);
        }
        catch (InvalidDataException fault)
        {
            throw Hdf5Fault.Damaged($"a compressed chunk can't be unpacked ({fault.Message})");
        }
    }

    private static byte[] Unshuffle(ReadOnlyMemory<byte> data, int elementSize)
    {
        ReadOnlySpan<byte> source = data.Span;
        byte[] result = new byte[source.Length];
        if (elementSize <= 1)
        {
            source.CopyTo(result);
            return result;
        }

        int count = source.Length / elementSize;
        for (int part = 0; part < elementSize && count > 0; part++)
        {
            for (int i = 0; i < count; i++)
            {
                result[(i * elementSize) + part] = source[(part * count) + i];
            }
        }

        source[(count * elementSize)..].CopyTo(result.AsSpan(count * elementSize));
        return result;
    }

    private static ReadOnlyMemory<byte> Verify(ReadOnlyMemory<byte> data)
    {
        if (data.Length < 4)
        {
            throw Hdf5Fault.Damaged("a chunk is shorter than its checksum");
        }

        ReadOnlyMemory<byte> content = data[..^4];
        return BinaryPrimitives.ReadUInt32LittleEndian(data.Span[^4..]) == ChecksumOf(content.Span)
            ? content
            : throw Hdf5Fault.Damaged("the checksum of a chunk is wrong");
    }

    // Fletcher's sums over big-endian words of 16 bits, modulo 65535.
    private static uint ChecksumOf(ReadOnlySpan<byte> data)
    {
        uint first = 0;
        uint second = 0;
        int words = data.Length / 2;
        for (int i = 0; i < words; i++)
        {
            first = (first + BinaryPrimitives.ReadUInt16BigEndian(data[(2 * i)..])) % 65535;
            second = (second + first) % 65535;
        }

        if (data.Length % 2 == 1)
        {
            first = (first + ((uint)data[^1] << 8)) % 65535;
            second = (second + first) % 65535;
        }

        return (second << 16) | first;
    }
}
