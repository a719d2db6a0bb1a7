using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>Writes JSON lines. A row of one element is a value, any other a nested list.</summary>
internal sealed class JsonRowEncoder(RowOutputs outputs) : RowEncoder(outputs)
{
    private readonly byte[][] _names =
    [
        .. outputs.Signatures.Select(static (output, index) =>
            (byte[])[.. index == 0 ? "{\""u8 : ",\""u8, .. JsonEncodedText.Encode(output.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, .. "\":"u8]),
    ];

    public override void WriteHeader(IBufferWriter<byte> writer)
    {
    }

    private protected override void WriteRows(int rows, IBufferWriter<byte> writer)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < _names.Length; i++)
            {
                writer.Write(_names[i]);
                ReadOnlySpan<long> shape = Shapes[i].Dimensions;
                WriteValue(Cells[i], shape is [1] ? [] : shape, writer);
            }

            writer.Write("}\n"u8);
        }
    }

    private static void WriteValue(OutputCells cells, ReadOnlySpan<long> shape, IBufferWriter<byte> writer)
    {
        if (shape.IsEmpty)
        {
            cells.WriteJson(1, writer);
            return;
        }

        writer.Write("["u8);
        if (shape.Length == 1)
        {
            cells.WriteJson(checked((int)shape[0]), writer);
        }
        else
        {
            for (long i = 0; i < shape[0]; i++)
            {
                if (i > 0)
                {
                    writer.Write(","u8);
                }

                WriteValue(cells, shape[1..], writer);
            }
        }

        writer.Write("]"u8);
    }
}
