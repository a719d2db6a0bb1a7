using System.Text;
using Slipway.Core.Rows;

namespace Slipway.Core.Tests.Rows;

public sealed class RowSplitterTests
{
    private const string Csv = "a,\"b\n\"\"\",c\r\n\n\"\",\"\"\"\",\"x\"\"\"\n1,2\"3,4\"\nlast,\"q\"";

    [Fact]
    public void Cuts_are_the_same_wherever_the_bytes_are_divided()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Csv);
        foreach (RowFormat format in Enum.GetValues<RowFormat>())
        {
            List<(int, long)> whole = Cut(format, bytes, [bytes.Length]);
            Assert.Equal(format == RowFormat.Csv ? 5 : 6, whole.Count);
            for (int first = 0; first <= bytes.Length; first++)
            {
                for (int second = first; second <= bytes.Length; second++)
                {
                    Assert.Equal(whole, Cut(format, bytes, [first, second, bytes.Length]));
                }
            }
        }
    }

    [Fact]
    public void A_block_ends_at_the_rows_or_the_bytes_asked_for()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1234\n", 10)));
        RowSplitter splitter = RowSplitter.Create(RowFormat.Csv, RowReadOptions.Default, 12);

        Assert.True(splitter.TryCut(bytes, false, 2, out RowBlock block));
        Assert.Equal(new RowBlock(10, 1), block);
        Assert.True(splitter.TryCut(bytes.AsSpan(10), false, 100, out block));
        Assert.Equal(new RowBlock(15, 3), block);
        Assert.Equal(6, splitter.Line);
    }

    [Theory]
    [InlineData("h\n1\n\"open\n2\n3\n", "the row that begins at line 3 has a quote that is never closed")]
    [InlineData("h\n\"", "the row that begins at line 2 has a quote that is never closed")]
    public void A_quote_that_is_never_closed_is_an_error_that_names_the_line(string text, string message)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => Cut(RowFormat.Csv, Encoding.UTF8.GetBytes(text), [text.Length]));
        Assert.Equal(message, error.Message);
        Assert.Equal(ErrorCode.InvalidRequest, error.Code);
    }

    [Fact]
    public void A_row_beyond_the_limit_is_an_error_before_it_is_whole()
    {
        RowReadOptions options = new() { MaxRowBytes = 1000 };
        byte[] bytes = Encoding.UTF8.GetBytes("a\n" + new string('x', 2000));
        foreach (RowFormat format in Enum.GetValues<RowFormat>())
        {
            SlipwayException error = Assert.Throws<SlipwayException>(() => RowSplitter.Create(format, options, 1 << 20).TryCut(bytes, false, 10, out _));
            Assert.Equal("line 2: the row is longer than 1000 bytes; there is no line break", error.Message);
        }
    }

    [Fact]
    public void Tokenizer_and_splitter_agree_on_any_mixture_of_quotes_and_breaks()
    {
        Random random = new(7);
        byte[] alphabet = "\"\"\",,\n\n\r ab1"u8.ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 90)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = alphabet[random.Next(alphabet.Length)];
            }

            List<(int, long)> cuts;
            try
            {
                cuts = Cut(RowFormat.Csv, bytes, [bytes.Length]);
            }
            catch (SlipwayException)
            {
                continue;
            }

            CsvTokenizer tokenizer = new(bytes, (byte)',');
            CsvField[] fields = new CsvField[100];
            int start = 0;
            long line = 1;
            foreach ((int length, long at) in cuts)
            {
                Assert.Equal(line, at);
                int count = tokenizer.ReadRow(fields, out _);
                Assert.All(fields[..count], field => Assert.True(field.Start < 0 || field.Start + field.Length <= start + length));
                start += length;
                line += tokenizer.LinesOfRow;
                Assert.Equal(start, tokenizer.Position);
            }
        }
    }

    private static List<(int Length, long Line)> Cut(RowFormat format, byte[] bytes, int[] arrivals)
    {
        RowSplitter splitter = RowSplitter.Create(format, RowReadOptions.Default, 1 << 20);
        List<(int, long)> blocks = [];
        int position = 0;
        foreach (int arrived in arrivals)
        {
            while (splitter.TryCut(bytes.AsSpan(position, arrived - position), false, 1, out RowBlock block))
            {
                blocks.Add((block.Length, block.Line));
                position += block.Length;
            }
        }

        while (splitter.TryCut(bytes.AsSpan(position), true, 1, out RowBlock block))
        {
            blocks.Add((block.Length, block.Line));
            position += block.Length;
        }

        return blocks;
    }
}
