using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>Rows of an input whose elements have a fixed size, row-major in one buffer that grows.</summary>
internal sealed class NumberColumn<T, TCodec> : InputColumn
    where T : unmanaged
    where TCodec : struct, ICellCodec<T>
{
    private const int FirstRows = 64;
    private const int FirstElements = 64;

    private TensorBuffer? _buffer;
    private int _used;
    private T[] _row;
    private bool[] _given;
    private int _inRow;
    private bool _isDirect;

    public NumberColumn(BoundInput input)
        : base(input)
    {
        // A whole value grows with what comes: a shape that a model file declares is no reason to allocate.
        _row = new T[input.IsWhole ? FirstElements : input.RowElements];
        _given = new bool[_row.Length];
    }

    public override void Reset()
    {
        base.Reset();
        _used = 0;
    }

    // Compiled in full at once, see CsvRowDecoder.Decode.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int PutCells(ReadOnlySpan<byte> block, ReadOnlySpan<CsvField> fields)
    {
        ReadOnlySpan<int> columns = Input.Columns;
        Span<T> row = Reserve(columns.Length);
        for (int i = 0; i < row.Length; i++)
        {
            CsvField field = fields[columns[i]];
            ReadOnlySpan<byte> text = block.Slice(field.Start, field.Length);
            if (!TCodec.TryParse(text, out row[i]) && !CellText.TryParseLoosely<T, TCodec>(text, out row[i]))
            {
                return i;
            }
        }

        _isDirect = true;
        return -1;
    }

    // Compiled in full at once, see CsvRowDecoder.Decode.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryPutPlainRow(ReadOnlySpan<byte> block, ref int position, byte delimiter)
    {
        int at = position;
        Span<T> row = Reserve(Input.Columns.Length);
        bool isEnded = false;
        for (int count = 0; count < row.Length;)
        {
            int run = TCodec.ReadRun(block, ref at, delimiter, row[count..], out isEnded);
            count += run;
            if (run == 0)
            {
                if (!TryPutCell(block, ref at, row, count))
                {
                    return false;
                }

                count++;
                isEnded = count == row.Length || (uint)at >= (uint)block.Length || block[at] != delimiter;
                at += isEnded ? 0 : 1;
            }

            if (isEnded && count < row.Length)
            {
                return false;
            }
        }

        at += (uint)at < (uint)block.Length && block[at] == '\r' ? 1 : 0;
        if (!isEnded || (uint)at >= (uint)block.Length || block[at] != '\n')
        {
            return false;
        }

        position = at;
        _isDirect = true;
        return true;
    }

    public override void Clear()
    {
        _row.AsSpan().Fill(TCodec.Missing);
        _given.AsSpan().Clear();
        _inRow = 0;
        _isDirect = false;
    }

    public override bool TryPutJson(ref Utf8JsonReader reader, int element)
    {
        _given[element] = true;
        return CellText.TryParseJson<T, TCodec>(ref reader, out _row[element]);
    }

    public override bool TryAppendJson(ref Utf8JsonReader reader)
    {
        if (_inRow == _row.Length)
        {
            Array.Resize(ref _row, _row.Length * 2);
            Array.Resize(ref _given, _row.Length);
        }

        return TryPutJson(ref reader, _inRow++);
    }

    public override int FindMissing() => TCodec.HasMissing ? -1 : _given.AsSpan(0, Math.Max(RowElements, 0)).IndexOf(false);

    public override void Commit()
    {
        int elements = RowElements;
        if (!_isDirect)
        {
            _row.AsSpan(0, elements).CopyTo(Reserve(elements));
        }

        _used += elements;
    }

    public override Tensor ToTensor(int rows)
    {
        TensorBuffer buffer = _buffer ?? TensorBufferPool.Shared.Rent(0);
        _buffer = null;
        int size = Input.Signature.DataType.ElementSize();
        return new Tensor(Input.Signature.Name, Input.Signature.DataType, ShapeOf(rows), buffer.Memory[..(_used * size)], buffer);
    }

    public override void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private static bool TryPutCell(ReadOnlySpan<byte> block, ref int at, Span<T> row, int element)
    {
        if (TCodec.TryReadPlain(block, ref at, out row[element]))
        {
            return true;
        }

        // An empty cell, if a delimiter or the row's end stands here; in a file of one column that is a blank line.
        row[element] = TCodec.Missing;
        return TCodec.HasMissing && row.Length > 1;
    }

    private Span<T> Reserve(int elements)
    {
        Span<T> buffer = _buffer is null ? default : MemoryMarshal.Cast<byte, T>(_buffer.Span);
        if (buffer.Length - _used < elements)
        {
            buffer = Grow(elements);
        }

        return buffer.Slice(_used, elements);
    }

    private Span<T> Grow(int elements)
    {
        int size = Input.Signature.DataType.ElementSize();
        long needed = Math.Max((_used + (long)elements) * 2, (long)elements * FirstRows) * size;
        TensorBuffer larger = TensorBufferPool.Shared.Rent(Math.Min(needed, Math.Max(Array.MaxLength - 64L, (_used + (long)elements) * size)));
        if (_buffer is not null)
        {
            _buffer.Span[..(_used * size)].CopyTo(larger.Span);
            _buffer.Dispose();
        }

        _buffer = larger;
        return MemoryMarshal.Cast<byte, T>(larger.Span);
    }
}
