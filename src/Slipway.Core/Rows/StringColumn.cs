using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>Rows of an input of strings, packed as <see cref="TensorDataType.String"/> says. A missing value is the empty string.</summary>
internal sealed class StringColumn(BoundInput input) : InputColumn(input)
{
    private const int FirstElements = 64;

    private readonly ArrayBufferWriter<byte> _staged = new();
    private (int Start, int Length)[] _elements = new (int, int)[input.IsWhole ? FirstElements : input.RowElements];
    private byte[] _packed = [];
    private int _used;
    private int _end;
    private int _inRow;
    private bool _isDirect;

    public override void Reset()
    {
        base.Reset();
        _used = 0;
    }

    public override int PutCells(ReadOnlySpan<byte> block, ReadOnlySpan<CsvField> fields)
    {
        _isDirect = true;
        _end = _used;
        foreach (int column in Input.Columns)
        {
            CsvField field = fields[column];
            Span<byte> text = Reserve(field.Length);
            int length = field.Length;
            if (field.HasEscapes)
            {
                length = field.Unescape(block, text);
            }
            else
            {
                block.Slice(field.Start, length).CopyTo(text);
            }

            Pack(length);
        }

        return -1;
    }

    public override void Clear()
    {
        _isDirect = false;
        _staged.ResetWrittenCount();
        _elements.AsSpan().Clear();
        _inRow = 0;
    }

    public override bool TryPutJson(ref Utf8JsonReader reader, int element)
    {
        int start = _staged.WrittenCount;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String:
                _staged.Advance(reader.CopyString(_staged.GetSpan(Math.Max(reader.ValueSpan.Length, 1))));
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                // A category code written without quotes: its text is the value, as it would be in CSV.
                _staged.Write(reader.ValueSpan);
                break;
            default:
                return false;
        }

        _elements[element] = (start, _staged.WrittenCount - start);
        return true;
    }

    public override bool TryAppendJson(ref Utf8JsonReader reader)
    {
        if (_inRow == _elements.Length)
        {
            Array.Resize(ref _elements, _elements.Length * 2);
        }

        return TryPutJson(ref reader, _inRow++);
    }

    public override int FindMissing() => -1;

    public override void Commit()
    {
        if (!_isDirect)
        {
            _end = _used;
            foreach ((int start, int length) in _elements.AsSpan(0, RowElements))
            {
                _staged.WrittenSpan.Slice(start, length).CopyTo(Reserve(length));
                Pack(length);
            }
        }

        _used = _end;
    }

    public override Tensor ToTensor(int rows)
    {
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(_used);
        _packed.AsSpan(0, _used).CopyTo(buffer.Span);
        return new Tensor(Input.Signature.Name, TensorDataType.String, ShapeOf(rows), buffer.Memory, buffer);
    }

    public override void Dispose()
    {
    }

    // Room for a text behind its length prefix.
    private Span<byte> Reserve(int length)
    {
        int needed = checked(_end + sizeof(int) + length);
        if (needed > _packed.Length)
        {
            Array.Resize(ref _packed, (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(4096L, _packed.Length * 2L))));
        }

        return _packed.AsSpan(_end + sizeof(int), length);
    }

    private void Pack(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_packed.AsSpan(_end), length);
        _end += sizeof(int) + length;
    }
}
