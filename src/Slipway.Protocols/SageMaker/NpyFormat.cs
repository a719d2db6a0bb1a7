using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Protocols.SageMaker;

/// <summary>Arrays in NumPy's <c>.npy</c> format (NEP 1), versions 1 to 3: little-endian numbers and truth values in C or Fortran order. Objects are never read.</summary>
internal static partial class NpyFormat
{
    private const int LongestHeader = 64 << 10;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads an array as the value of an input; <see cref="NpyNumbers"/> says of which types it may be.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.ShapeMismatch"/>.</exception>
    public static Tensor Read(ReadOnlySpan<byte> bytes, TensorSignature input)
    {
        (string descriptor, bool fortran, TensorShape shape, int offset) = ReadHeader(bytes);
        ReadOnlySpan<byte> data = bytes[offset..];
        TensorDataType type = TypeOf(descriptor);
        if (!NpyNumbers.IsTaken(type, input.DataType))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{input.Name}' takes {input.DataType.ToName()}, the array has {type.ToName()}");
        }

        if (!shape.TryGetElementCount(out long count) || count > data.Length / type.ElementSize() || count * type.ElementSize() != data.Length)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"an array of shape {shape} does not have {data.Length} bytes");
        }

        if (type == TensorDataType.Bool && data.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{input.Name}': a truth value of an array is a byte of 0 or 1");
        }

        using TensorBuffer? rows = fortran && shape.Rank > 1 ? ToRows(data, shape, type.ElementSize()) : null;
        TensorBuffer buffer = Elements(rows is null ? data : rows.Span, type, input, count);
        return new Tensor(input.Name, input.DataType, shape, buffer.Memory, buffer);
    }

    /// <summary>The head of an array; the bytes of <paramref name="tensor"/> follow it.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for strings and types that NumPy lacks.</exception>
    public static byte[] WriteHeader(Tensor tensor)
    {
        string shape = string.Join(", ", tensor.Shape.Dimensions.ToArray());
        string dictionary = $"{{'descr': '{DescriptorOf(tensor)}', 'fortran_order': False, 'shape': ({shape}{(tensor.Shape.Rank == 1 ? "," : "")}), }}";
        int length = dictionary.Length + 1;
        int padded = ((Magic.Length + 4 + length + 63) / 64 * 64) - Magic.Length - 4;
        byte[] head = new byte[Magic.Length + 4 + padded];
        Magic.CopyTo(head);
        head[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)padded);
        Encoding.ASCII.GetBytes(dictionary.PadRight(padded - 1) + "\n", head.AsSpan(10));
        return head;
    }

    private static TensorBuffer Elements(ReadOnlySpan<byte> data, TensorDataType type, TensorSignature input, long count)
    {
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(count * input.DataType.ElementSize());
        if (type == input.DataType)
        {
            data.CopyTo(buffer.Span);
            return buffer;
        }

        int unfit = NpyNumbers.Convert(type, data, input.DataType, buffer.Span);
        if (unfit >= 0)
        {
            buffer.Dispose();
            throw new SlipwayException(
                ErrorCode.InvalidRequest, $"input '{input.Name}' takes {input.DataType.ToName()}, which has no room for element {unfit} of the array, a {type.ToName()}");
        }

        return buffer;
    }

    // Element by element in the order of rows; its place in the file is moved by the dimensions' strides, the first of which is one element.
    private static TensorBuffer ToRows(ReadOnlySpan<byte> columns, TensorShape shape, int size)
    {
        ReadOnlySpan<long> dimensions = shape.Dimensions;
        Span<long> strides = stackalloc long[dimensions.Length];
        Span<long> index = stackalloc long[dimensions.Length];
        index.Clear();
        strides[0] = size;
        for (int i = 1; i < strides.Length; i++)
        {
            strides[i] = strides[i - 1] * dimensions[i - 1];
        }

        TensorBuffer buffer = TensorBufferPool.Shared.Rent(columns.Length);
        Span<byte> rows = buffer.Span;
        long place = 0;
        while (!rows.IsEmpty)
        {
            columns.Slice((int)place, size).CopyTo(rows);
            rows = rows[size..];
            for (int i = index.Length - 1; i >= 0; i--)
            {
                place += strides[i];
                if (++index[i] < dimensions[i])
                {
                    break;
                }

                place -= strides[i] * dimensions[i];
                index[i] = 0;
            }
        }

        return buffer;
    }

    private static (string Descriptor, bool Fortran, TensorShape Shape, int DataOffset) ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || !bytes.StartsWith(Magic) || bytes[6] is 0 or > 3)
        {
            throw Broken();
        }

        int start = bytes[6] == 1 ? 10 : 12;
        long length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length > LongestHeader || length > bytes.Length - start)
        {
            throw Broken();
        }

        Match match = Header().Match(Encoding.Latin1.GetString(bytes.Slice(start, (int)length)));
        if (!match.Success)
        {
            throw Broken();
        }

        string[] sizes = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        long[] dimensions = new long[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes.Length > 32 || !long.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i]))
            {
                throw Broken();
            }
        }

        return (match.Groups["descr"].Value, match.Groups["fortran"].Value == "True", new TensorShape(dimensions), start + (int)length);
    }

    private static TensorDataType TypeOf(string descriptor) => descriptor switch
    {
        "|b1" => TensorDataType.Bool,
        "|u1" => TensorDataType.UInt8,
        "<u2" => TensorDataType.UInt16,
        "<u4" => TensorDataType.UInt32,
        "<u8" => TensorDataType.UInt64,
        "|i1" => TensorDataType.Int8,
        "<i2" => TensorDataType.Int16,
        "<i4" => TensorDataType.Int32,
        "<i8" => TensorDataType.Int64,
        "<f2" => TensorDataType.Float16,
        "<f4" => TensorDataType.Float32,
        "<f8" => TensorDataType.Float64,
        _ => throw new SlipwayException(ErrorCode.InvalidRequest, "the array's elements are not little-endian numbers or truth values"),
    };

    private static string DescriptorOf(Tensor tensor) => tensor.DataType switch
    {
        TensorDataType.Bool => "|b1",
        TensorDataType.UInt8 => "|u1",
        TensorDataType.UInt16 => "<u2",
        TensorDataType.UInt32 => "<u4",
        TensorDataType.UInt64 => "<u8",
        TensorDataType.Int8 => "|i1",
        TensorDataType.Int16 => "<i2",
        TensorDataType.Int32 => "<i4",
        TensorDataType.Int64 => "<i8",
        TensorDataType.Float16 => "<f2",
        TensorDataType.Float32 => "<f4",
        TensorDataType.Float64 => "<f8",
        _ => throw new SlipwayException(ErrorCode.NotSupported, $"output '{tensor.Name}' is {tensor.DataType.ToName()}, which an array file can't carry here"),
    };

    private static SlipwayException Broken() => new(ErrorCode.InvalidRequest, "the body is not an array in NumPy's .npy format");

    [GeneratedRegex(@"^\{'descr': '(?<descr>[|<>=]?[a-zA-Z]\d+)', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[\d, ]*)\),? *\}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
