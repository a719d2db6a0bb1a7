using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;

namespace Slipway.Core.Rows;

/// <summary>Writes strings: quoted in CSV where they need it, escaped in JSON; bytes that are not UTF-8 become U+FFFD in JSON.</summary>
internal sealed class StringCells : OutputCells
{
    private ReadOnlyMemory<byte> _rest;

    public override void Begin(ReadOnlyMemory<byte> data) => _rest = data;

    public override void WriteCsv(int count, byte delimiter, bool isAlone, IBufferWriter<byte> writer)
    {
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                writer.Write([delimiter]);
            }

            CsvText.Write(Next(), delimiter, isAlone && count == 1, writer);
        }
    }

    public override void WriteJson(int count, IBufferWriter<byte> writer)
    {
        for (int i = 0; i < count; i++)
        {
            writer.Write(i > 0 ? ",\""u8 : "\""u8);
            ReadOnlySpan<byte> text = Next();
            OperationStatus status;
            do
            {
                Span<byte> destination = writer.GetSpan(Math.Max(64, text.Length));
                status = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, destination, out int consumed, out int written);
                writer.Advance(written);
                text = text[consumed..];
            }
            while (status == OperationStatus.DestinationTooSmall);

            writer.Write("\""u8);
        }
    }

    private ReadOnlySpan<byte> Next()
    {
        ReadOnlySpan<byte> rest = _rest.Span;
        int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        ReadOnlySpan<byte> text = rest.Slice(sizeof(int), length);
        _rest = _rest[(sizeof(int) + length)..];
        return text;
    }
}
