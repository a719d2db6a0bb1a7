using System.Text;
using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>
/// Reads rows written as JSON objects. A property may be absent, which is the same as null; one that the first row did not have is an error of its row,
/// because it is more often a slip of the pen than data to be dropped.
/// </summary>
internal sealed class JsonRowDecoder(RowBinding binding, RowReadOptions options) : RowDecoder(binding)
{
    private readonly byte[][] _names = [.. binding.Columns.Select(Encoding.UTF8.GetBytes)];
    private readonly JsonReaderOptions _options = new() { MaxDepth = options.MaxDepth };

    public override int Decode(ReadOnlySpan<byte> block, ref long line, RowBatch batch)
    {
        int position = 0;
        while (position < block.Length)
        {
            if (batch.Count > 0 && !Binding.HasRows)
            {
                break;
            }

            int length = block[position..].IndexOf((byte)'\n');
            int next = length < 0 ? block.Length : position + length + 1;
            ReadOnlySpan<byte> row = block[position..(length < 0 ? block.Length : position + length)].TrimEnd((byte)'\r');
            if (!row.Trim(" \t"u8).IsEmpty)
            {
                string? problem = Read(row, batch, out bool belongsToNext);
                if (belongsToNext)
                {
                    break;
                }

                if (problem is null)
                {
                    batch.Accept(new RowOrigin(line, position, row.Length));
                }
                else
                {
                    batch.Reject(new RowReject(line, position, row.Length, problem));
                }
            }

            position = next;
            line++;
        }

        return position;
    }

    private string? Read(ReadOnlySpan<byte> row, RowBatch batch, out bool belongsToNext)
    {
        belongsToNext = false;
        foreach (InputColumn? column in batch.Columns)
        {
            column?.Clear();
        }

        Span<bool> seen = batch.Seen;
        seen.Clear();
        Utf8JsonReader reader = new(row, isFinalBlock: true, new JsonReaderState(_options));
        try
        {
            return ReadProperties(ref reader, batch, seen, ref belongsToNext) ?? (belongsToNext ? null : FindMissing(batch, seen));
        }
        catch (JsonException)
        {
            return $"not valid JSON at byte {reader.BytesConsumed + 1} of the line";
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a text that is not UTF-8.
            return $"not valid UTF-8 near byte {reader.BytesConsumed + 1} of the line";
        }
    }

    private string? ReadProperties(ref Utf8JsonReader reader, RowBatch batch, Span<bool> seen, ref bool belongsToNext)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "the row is not a JSON object";
        }

        int expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int column = Find(ref reader, expected);
            if (column < 0)
            {
                return $"property '{reader.GetString()}' is not one of the first row's";
            }

            if (seen[column])
            {
                return $"property '{Binding.Columns[column]}' is given twice";
            }

            seen[column] = true;
            expected = column + 1;
            ColumnTarget target = Binding.Targets[column];
            if (target.Input < 0)
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            BoundInput input = Binding.Inputs[target.Input]!;
            string? problem = input.IsWhole
                ? JsonTensorReader.Read(ref reader, input, batch.Columns[target.Input]!, batch.Count, ref belongsToNext)
                : ReadElement(ref reader, input, batch.Columns[target.Input]!, target.Element);
            if (problem is not null)
            {
                return $"property '{Binding.Columns[column]}': {problem}";
            }

            if (belongsToNext)
            {
                return null;
            }
        }

        // Anything behind the object makes the reader throw.
        reader.Read();
        return null;
    }

    private static string? ReadElement(ref Utf8JsonReader reader, BoundInput input, InputColumn column, int element)
    {
        if (column.TryPutJson(ref reader, element))
        {
            return null;
        }

        return reader.TokenType == JsonTokenType.Null
            ? $"null, and {input.Signature.DataType.ToName()} has no missing value"
            : CellText.FaultOf(reader.ValueSpan, input.Signature.DataType);
    }

    private string? FindMissing(RowBatch batch, ReadOnlySpan<bool> seen)
    {
        for (int i = 0; i < batch.Columns.Length; i++)
        {
            if (Binding.Inputs[i] is not BoundInput input)
            {
                continue;
            }

            if (input.IsWhole && !seen[input.Columns[0]])
            {
                return $"property '{Binding.Columns[input.Columns[0]]}' is missing";
            }

            int element = input.IsWhole ? -1 : batch.Columns[i]!.FindMissing();
            if (element >= 0)
            {
                return $"property '{Binding.Columns[input.Columns[element]]}' is missing, and {input.Signature.DataType.ToName()} has no missing value";
            }
        }

        return null;
    }

    private int Find(ref Utf8JsonReader reader, int expected)
    {
        if (expected < _names.Length && reader.ValueTextEquals(_names[expected]))
        {
            return expected;
        }

        return Binding.TryFindColumn(reader.GetString()!, out int column) ? column : -1;
    }
}
