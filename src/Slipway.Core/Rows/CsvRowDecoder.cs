using System.Runtime.CompilerServices;

namespace Slipway.Core.Rows;

/// <summary>Reads CSV rows.</summary>
internal sealed class CsvRowDecoder(RowBinding binding, RowReadOptions options) : RowDecoder(binding)
{
    private readonly byte _delimiter = options.Delimiter;
    private readonly MissingCells _missing = new(options.MissingTokens);

    // Compiled in full at once: a file is read in a few calls, and most of a second would pass in code that counts for the compiler how it is used.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int Decode(ReadOnlySpan<byte> block, ref long line, RowBatch batch)
    {
        CsvTokenizer tokenizer = new(block, _delimiter);
        CsvField[] fields = batch.Fields;
        InputColumn? plain = Binding.InputOfAllColumns >= 0 && !_missing.HasAny ? batch.Columns[Binding.InputOfAllColumns] : null;
        while (!tokenizer.IsAtEnd)
        {
            if (batch.Count > 0 && !Binding.HasRows)
            {
                break;
            }

            int start = tokenizer.Position;
            if (plain is not null)
            {
                // Most files of numbers hold nothing else: their rows need no search for cells.
                int end = start;
                while (plain.TryPutPlainRow(block, ref end, _delimiter))
                {
                    batch.Accept(new RowOrigin(line++, start, end - start - (block[end - 1] == '\r' ? 1 : 0)));
                    start = ++end;
                    if (!Binding.HasRows || start == block.Length)
                    {
                        break;
                    }
                }

                if (start != tokenizer.Position)
                {
                    tokenizer.SkipTo(start);
                    continue;
                }
            }

            int count = tokenizer.ReadRow(fields, out bool isWellFormed);
            if (count > 0)
            {
                string? problem = isWellFormed ? Read(block, fields, count, batch) : "text after a closing quote, or a quote that is not closed";
                if (problem is null)
                {
                    batch.Accept(new RowOrigin(line, start, tokenizer.LengthOfRow));
                }
                else
                {
                    batch.Reject(new RowReject(line, start, tokenizer.LengthOfRow, problem));
                }
            }

            line += tokenizer.LinesOfRow;
        }

        return tokenizer.Position;
    }

    private string? Read(ReadOnlySpan<byte> block, CsvField[] fields, int count, RowBatch batch)
    {
        if (count != fields.Length)
        {
            return $"the row has {count} cells and the header {fields.Length}";
        }

        if (_missing.HasAny)
        {
            _missing.Blank(block, fields);
        }

        InputColumn?[] columns = batch.Columns;
        for (int i = 0; i < columns.Length; i++)
        {
            int bad = columns[i]?.PutCells(block, fields) ?? -1;
            if (bad >= 0)
            {
                return Describe(block, fields, Binding.Inputs[i]!, bad);
            }
        }

        return null;
    }

    private string Describe(ReadOnlySpan<byte> block, CsvField[] fields, BoundInput input, int element)
    {
        int column = input.Columns[element];
        CsvField field = fields[column];
        ReadOnlySpan<byte> text = block.Slice(field.Start, field.Length);
        string fault = text.Trim((byte)' ').IsEmpty
            ? $"empty, and {input.Signature.DataType.ToName()} has no missing value"
            : CellText.FaultOf(text, input.Signature.DataType);
        return $"column '{Binding.Columns[column]}': {fault}";
    }
}
