using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Core.Rows;

/// <summary>Writes elements of a fixed size.</summary>
internal sealed class NumberCells<T, TCodec> : OutputCells
    where T : unmanaged
    where TCodec : struct, ICellCodec<T>
{
    // Bounds the span asked of the writer for a row of many elements.
    private const int Chunk = 256;

    private ReadOnlyMemory<byte> _rest;

    public override void Begin(ReadOnlyMemory<byte> data) => _rest = data;

    // Compiled in full at once, see CsvRowDecoder.Decode.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void WriteCsv(int count, byte delimiter, bool isAlone, IBufferWriter<byte> writer)
    {
        ReadOnlySpan<T> values = Take(count);
        while (!values.IsEmpty)
        {
            ReadOnlySpan<T> part = values[..Math.Min(Chunk, values.Length)];
            values = values[part.Length..];
            Span<byte> text = writer.GetSpan(part.Length * (CellText.MaxLength + 1));
            int written = 0;
            foreach (T value in part)
            {
                written += TCodec.Format(value, text[written..]);
                text[written++] = delimiter;
            }

            writer.Advance(values.IsEmpty ? written - 1 : written);
        }
    }

    public override void WriteJson(int count, IBufferWriter<byte> writer)
    {
        ReadOnlySpan<T> values = Take(count);
        while (!values.IsEmpty)
        {
            ReadOnlySpan<T> part = values[..Math.Min(Chunk, values.Length)];
            values = values[part.Length..];
            Span<byte> text = writer.GetSpan(part.Length * (CellText.MaxLength + 3));
            int written = 0;
            foreach (T value in part)
            {
                bool isWord = TCodec.IsWord(value);
                text[written] = (byte)'"';
                written += isWord ? 1 : 0;
                written += TCodec.Format(value, text[written..]);
                text[written] = (byte)'"';
                written += isWord ? 1 : 0;
                text[written++] = (byte)',';
            }

            writer.Advance(values.IsEmpty ? written - 1 : written);
        }
    }

    private ReadOnlySpan<T> Take(int count)
    {
        ReadOnlySpan<T> all = MemoryMarshal.Cast<byte, T>(_rest.Span);
        ReadOnlySpan<T> values = all[..count];
        _rest = _rest[MemoryMarshal.AsBytes(values).Length..];
        return values;
    }
}
