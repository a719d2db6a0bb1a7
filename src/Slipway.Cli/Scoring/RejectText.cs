using System.Buffers;
using System.Globalization;
using System.Text;
using Slipway.Core.Rows;

namespace Slipway.Cli.Scoring;

/// <summary>Rejected rows as CSV: the line, why, and the row as it stands in the input.</summary>
internal static class RejectText
{
    /// <summary>The first line of the file.</summary>
    public static ReadOnlySpan<byte> Header => "line,reason,row\n"u8;

    /// <summary>Writes one rejected row.</summary>
    public static void Write(long line, string reason, ReadOnlySpan<byte> row, IBufferWriter<byte> writer)
    {
        Span<byte> number = writer.GetSpan(24);
        line.TryFormat(number, out int written, default, CultureInfo.InvariantCulture);
        number[written++] = (byte)',';
        writer.Advance(written);
        CsvText.Write(Encoding.UTF8.GetBytes(reason), (byte)',', false, writer);
        writer.Write(","u8);
        CsvText.Write(row, (byte)',', false, writer);
        writer.Write("\n"u8);
    }
}
