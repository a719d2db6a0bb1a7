using System.Text;

namespace Slipway.Core.Rows;

/// <summary>Turns cells that the caller declared to mean <em>missing</em> into empty ones.</summary>
internal sealed class MissingCells(IReadOnlyList<string> tokens)
{
    private readonly byte[][] _tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];

    public bool HasAny => _tokens.Length > 0;

    public void Blank(ReadOnlySpan<byte> block, Span<CsvField> fields)
    {
        foreach (ref CsvField field in fields)
        {
            ReadOnlySpan<byte> text = block.Slice(field.Start, field.Length);
            foreach (byte[] token in _tokens)
            {
                if (text.SequenceEqual(token))
                {
                    field = new CsvField(field.Start, 0, false);
                    break;
                }
            }
        }
    }
}
