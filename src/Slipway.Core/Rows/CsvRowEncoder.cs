using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Slipway.Core.Rows;

/// <summary>Writes CSV, lines ending with LF.</summary>
internal sealed class CsvRowEncoder(RowOutputs outputs, byte delimiter) : RowEncoder(outputs)
{
    public override void WriteHeader(IBufferWriter<byte> writer)
    {
        bool isFirst = true;
        IReadOnlyList<TensorShape> shapes = Outputs.RowShapes;
        for (int i = 0; i < shapes.Count; i++)
        {
            TensorSignature output = Outputs.Signatures[i];
            int count = CountOf(shapes[i]);
            for (int element = 0; element < count; element++)
            {
                if (!isFirst)
                {
                    writer.Write([delimiter]);
                }

                isFirst = false;
                string name = ColumnNames.Of(output.Name, shapes[i].Dimensions, element, output.Labels);
                CsvText.Write(Encoding.UTF8.GetBytes(name), delimiter, false, writer);
            }
        }

        writer.Write("\n"u8);
    }

    // Compiled in full at once, see CsvRowDecoder.Decode.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override void WriteRows(int rows, IBufferWriter<byte> writer)
    {
        Outputs.Agree([.. Shapes]);
        int[] counts = [.. Shapes.Select(CountOf)];
        bool isAlone = counts.Sum() == 1;
        for (int row = 0; row < rows; row++)
        {
            bool isFirst = true;
            for (int i = 0; i < counts.Length; i++)
            {
                if (counts[i] == 0)
                {
                    continue;
                }

                if (!isFirst)
                {
                    writer.GetSpan(1)[0] = delimiter;
                    writer.Advance(1);
                }

                isFirst = false;
                Cells[i].WriteCsv(counts[i], delimiter, isAlone, writer);
            }

            writer.GetSpan(1)[0] = (byte)'\n';
            writer.Advance(1);
        }
    }
}
