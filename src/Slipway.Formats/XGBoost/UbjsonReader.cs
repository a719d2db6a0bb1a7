using System.Buffers.Binary;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.XGBoost;

/// <summary>Reads a model document from UBJSON (draft 12): numbers are big-endian; lists may state their type and their count.</summary>
internal ref struct UbjsonReader
{
    private const int MaxDepth = 32;
    private const int MaxValues = 2_500_000;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _values;

    private UbjsonReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public static ModelNode Read(ReadOnlySpan<byte> bytes)
    {
        UbjsonReader reader = new(bytes);
        return new ModelNode(reader.ReadValue(reader.ReadMarker(), 0), "the document", "XGBoost");
    }

    private object? ReadValue(byte marker, int depth)
    {
        if (depth > MaxDepth || ++_values > MaxValues)
        {
            throw Invalid(depth > MaxDepth ? "it is nested too deeply" : $"it has more than {MaxValues} values");
        }

        return marker switch
        {
            (byte)'{' => ReadObject(depth),
            (byte)'[' => ReadArray(depth),
            (byte)'S' => ReadText(),
            (byte)'C' => ((char)ReadMarker()).ToString(),
            (byte)'T' => true,
            (byte)'F' => false,
            (byte)'Z' or (byte)'N' => null,
            _ => ReadNumber(marker),
        };
    }

    private Dictionary<string, object?> ReadObject(int depth)
    {
        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        byte? type = null;
        long count = -1;
        ReadHeader(ref type, ref count);
        bool isCounted = count >= 0;
        while (isCounted ? count-- > 0 : Peek() != '}')
        {
            string name = ReadText();
            members[name] = ReadValue(type ?? ReadMarker(), depth + 1);
        }

        _position += isCounted ? 0 : 1;
        return members;
    }

    private object ReadArray(int depth)
    {
        byte? type = null;
        long count = -1;
        ReadHeader(ref type, ref count);
        if (type is byte element && SizeOf(element) is > 0 and var size)
        {
            return ReadNumbers(element, size, count);
        }

        List<object?> items = [];
        if (count >= 0)
        {
            for (long i = 0; i < count; i++)
            {
                items.Add(ReadValue(type ?? ReadMarker(), depth + 1));
            }

            return items;
        }

        while (Peek() != ']')
        {
            items.Add(ReadValue(ReadMarker(), depth + 1));
        }

        _position++;
        return items;
    }

    private double[] ReadNumbers(byte type, int size, long count)
    {
        if (count < 0 || count > (_bytes.Length - _position) / size)
        {
            throw Invalid($"a list of {count} numbers does not fit into what is left");
        }

        double[] numbers = new double[count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ReadNumber(type);
        }

        return numbers;
    }

    private void ReadHeader(ref byte? type, ref long count)
    {
        if (Peek() == '$')
        {
            _position++;
            type = ReadMarker();
            if (Peek() != '#')
            {
                throw Invalid("a list states its type but not its length");
            }
        }

        if (Peek() == '#')
        {
            _position++;
            count = ReadLength();
        }
    }

    private string ReadText()
    {
        long length = ReadLength();
        if (length > _bytes.Length - _position)
        {
            throw Invalid("a text is longer than what is left");
        }

        string text = Encoding.UTF8.GetString(_bytes.Slice(_position, (int)length));
        _position += (int)length;
        return text;
    }

    private long ReadLength()
    {
        double length = ReadNumber(ReadMarker());
        return length >= 0 && length <= _bytes.Length ? (long)length : throw Invalid("a length is larger than the file");
    }

    private double ReadNumber(byte type)
    {
        int size = SizeOf(type);
        if (size == 0 || size > _bytes.Length - _position)
        {
            throw Invalid(size == 0 ? $"an unknown kind of value, 0x{type:x2}" : "it ends in the middle of a number");
        }

        ReadOnlySpan<byte> bytes = _bytes.Slice(_position, size);
        _position += size;
        return type switch
        {
            (byte)'i' => (sbyte)bytes[0],
            (byte)'U' => bytes[0],
            (byte)'I' => BinaryPrimitives.ReadInt16BigEndian(bytes),
            (byte)'l' => BinaryPrimitives.ReadInt32BigEndian(bytes),
            (byte)'L' => BinaryPrimitives.ReadInt64BigEndian(bytes),
            (byte)'d' => BinaryPrimitives.ReadSingleBigEndian(bytes),
            _ => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        };
    }

    private static int SizeOf(byte type) => type switch
    {
        (byte)'i' or (byte)'U' => 1,
        (byte)'I' => 2,
        (byte)'l' or (byte)'d' => 4,
        (byte)'L' or (byte)'D' => 8,
        _ => 0,
    };

    private readonly byte Peek() => _position < _bytes.Length ? _bytes[_position] : throw Invalid("it is cut off");

    private byte ReadMarker()
    {
        byte marker = Peek();
        _position++;
        return marker;
    }

    private readonly SlipwayException Invalid(string problem) =>
        new(ErrorCode.InvalidModel, $"the XGBoost model is damaged at byte {_position}: {problem}");
}
