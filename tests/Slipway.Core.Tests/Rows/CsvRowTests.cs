using System.Globalization;
using System.Text;
using Slipway.Core.Rows;

namespace Slipway.Core.Tests.Rows;

public sealed class CsvRowTests
{
    private static readonly TensorSignature X = RowFixture.Input("x", TensorDataType.Float32, -1, 3);
    private static readonly TensorSignature Text = RowFixture.Input("t", TensorDataType.String, -1, 1);

    [Fact]
    public void Truth_values_among_numbers_are_one_and_zero()
    {
        float[] csv = RowFixture.Read(RowFormat.Csv, "a,b,c\nTrue,false,2.5\n", RowFixture.Signature(X)).Values<float>(0);
        float[] json = RowFixture.Read(RowFormat.JsonLines, "{\"x\":[true,false,\"TRUE\"]}\n", RowFixture.Signature(X)).Values<float>(0);

        Assert.Equal([1f, 0f, 2.5f], csv);
        Assert.Equal([1f, 0f, 1f], json);
    }

    [Fact]
    public void Columns_of_a_single_input_are_taken_in_order()
    {
        RowFixture.Result result = RowFixture.Read(RowFormat.Csv, "a,b,c\n1,2,3\n4,5,6\n", RowFixture.Signature(X));

        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], result.Values<float>(0));
        Assert.Equal(new TensorShape(2, 3), result.Batches[0][0]!.Shape);
        Assert.Equal([2L, 3L], result.Lines);
        Assert.Empty(result.Binding.Notices);
    }

    [Theory]
    [InlineData("a,b,c\r\n1,2,3\r\n\r\n4,5,6")]
    [InlineData("\"a\",b,c\n\"1\", 2 ,3\n\n4,5,6\n\n")]
    [InlineData("a,b,c\n+1,2e0,3.0\n4,5,6\n")]
    public void Line_ends_quotes_blank_lines_and_spaces_change_nothing(string text)
    {
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], RowFixture.Read(RowFormat.Csv, text, RowFixture.Signature(X)).Values<float>(0));
    }

    [Theory]
    [InlineData(TensorDataType.Float32, "1e39", "-1e400", "3.4028235677973367e38", "340282350000000000000000000000000000000", 4)]
    [InlineData(TensorDataType.Float64, "1e309", "-1e400", " +2e308 ", "1e308", 8)]
    [InlineData(TensorDataType.Float16, "65520", "-1e400", "+7e4", "65519", 2)]
    [InlineData(TensorDataType.BFloat16, "3.4e38", "-1e400", "\"1e39\"", "3.3e38", 2)]
    public void A_number_too_large_for_the_type_rejects_its_row_and_a_written_infinity_does_not(
        TensorDataType type, string first, string second, string third, string fits, int size)
    {
        ModelSignature signature = RowFixture.Signature(RowFixture.Input("x", type, -1, 2));

        RowFixture.Result csv = RowFixture.Read(RowFormat.Csv, $"a,b\n1,{first}\n{second},1\n1,{third}\n{fits},inf\n1,-Infinity\n", signature);
        RowFixture.Result json = RowFixture.Read(
            RowFormat.JsonLines, $"{{\"x\":[1,{first}]}}\n{{\"x\":[\"{second}\",1]}}\n{{\"x\":[{fits},\"Infinity\"]}}\n", signature);
        RowFixture.Result cells = RowFixture.Read(RowFormat.JsonLines, $"{{\"a\":{first},\"b\":1}}\n{{\"a\":{fits},\"b\":1}}\n", signature);

        string fault = $"beyond the range of {type.ToName()}";
        Assert.Equal([$"2: column 'b': {fault}", $"3: column 'a': {fault}", $"4: column 'b': {fault}"], csv.Rejects);
        Assert.Equal([$"1: property 'x': an element is {fault}", $"2: property 'x': an element is {fault}"], json.Rejects);
        Assert.Equal([$"1: property 'a': {fault}"], cells.Rejects);
        Assert.Equal(4 * size, csv.Values<byte>(0).Length);
        Assert.Equal(2 * size, json.Values<byte>(0).Length);
    }

    [Theory]
    [InlineData(TensorDataType.Float32)]
    [InlineData(TensorDataType.Float64)]
    [InlineData(TensorDataType.Float16)]
    [InlineData(TensorDataType.BFloat16)]
    [InlineData(TensorDataType.Int64)]
    [InlineData(TensorDataType.UInt8)]
    public void A_number_with_a_zero_byte_behind_it_is_none(TensorDataType type)
    {
        RowFixture.Result result = RowFixture.Read(
            RowFormat.Csv, "a,b\n1\0,2\n1,2.0\0\0\n3,4\n", RowFixture.Signature(RowFixture.Input("x", type, -1, 2)));

        Assert.Equal(2, result.Rejects.Count);
        Assert.Equal([4L], result.Lines);
    }

    [Fact]
    public void An_empty_cell_is_a_missing_value()
    {
        RowReadOptions options = new() { MissingTokens = ["NA", "?"] };
        float[] values = RowFixture.Read(RowFormat.Csv, "a,b,c\n,NaN,3\nNA,-inf,\n\"\",?,Infinity\n", RowFixture.Signature(X), options).Values<float>(0);

        Assert.Equal([float.NaN, float.NaN, 3f, float.NaN, float.NegativeInfinity, float.NaN, float.NaN, float.NaN, float.PositiveInfinity], values);
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_rejected_by_line_and_column_and_the_others_stay()
    {
        RowFixture.Result result = RowFixture.Read(
            RowFormat.Csv,
            "a,b,c\n1,2,3\n1,two,3\n1,2\n1,2,3,4\n1,\"2\"x,3\n\"4\n\",5,6\n7,8,9\n7,,\"\0\"\n",
            RowFixture.Signature(X));

        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f], result.Values<float>(0));
        Assert.Equal(
            [
                "3: column 'b': not a valid FP32",
                "4: the row has 2 cells and the header 3",
                "5: the row has 4 cells and the header 3",
                "6: text after a closing quote, or a quote that is not closed",
                "10: column 'c': not a valid FP32",
            ],
            result.Rejects);
        Assert.Equal([2L, 7L, 9L], result.Lines);
    }

    [Fact]
    public void Integers_have_no_missing_value_and_stay_exact()
    {
        ModelSignature signature = RowFixture.Signature(RowFixture.Input("i", TensorDataType.Int64, -1, 1), RowFixture.Input("u", TensorDataType.UInt64, -1));
        RowFixture.Result result = RowFixture.Read(
            RowFormat.Csv,
            "u,i\n18446744073709551615,-9223372036854775808\n3.0,9007199254740993\n1,\n-1,1\n1,1.5\n1,9223372036854775808\n",
            signature);

        Assert.Equal([long.MinValue, 9007199254740993], result.Values<long>(0));
        Assert.Equal([ulong.MaxValue, 3], result.Values<ulong>(1));
        Assert.Equal(
            ["4: column 'i': empty, and INT64 has no missing value", "5: column 'u': not a valid UINT64", "6: column 'i': not a valid INT64", "7: column 'i': not a valid INT64"],
            result.Rejects);
    }

    [Fact]
    public void Strings_keep_quotes_line_breaks_and_delimiters()
    {
        RowFixture.Result result = RowFixture.Read(RowFormat.Csv, "t,n\n\"a,\"\"b\"\"\nc\",1\nplain \"x\" ,2\n,3\n", RowFixture.Signature(Text));

        Assert.Equal(["a,\"b\"\nc", "plain \"x\" ", ""], result.Strings(0));
        Assert.Equal([2L, 4L, 5L], result.Lines);
        Assert.Equal(["not used: column 'n'"], result.Binding.Notices);
    }

    [Fact]
    public void Floats_are_those_that_the_framework_parses_bit_for_bit()
    {
        Random random = new(20261121);
        StringBuilder text = new("a,b,c\n");
        List<string> cells = [];
        for (int i = 0; i < 30_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            cells.Add((i % 5) switch
            {
                0 => BitConverter.Int32BitsToSingle(random.Next()).ToString("R", CultureInfo.InvariantCulture),
                1 => (random.NextDouble() * 1000).ToString("F" + random.Next(0, 9), CultureInfo.InvariantCulture),
                2 => random.Next(-100000, 100000).ToString(CultureInfo.InvariantCulture),
                3 => random.NextDouble().ToString("E" + random.Next(0, 20), CultureInfo.InvariantCulture),
                _ => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "0.1",
            });
            text.Append(cells[^1]).Append(i % 3 == 2 ? '\n' : ',');
        }

        foreach (TensorDataType type in (TensorDataType[])[TensorDataType.Float32, TensorDataType.Float64])
        {
            RowFixture.Result result = RowFixture.Read(RowFormat.Csv, text.ToString(), RowFixture.Signature(RowFixture.Input("x", type, -1, 3)));
            if (type == TensorDataType.Float32)
            {
                // Rows with a number that the type is too small for are rejected.
                float[][] rows = [.. cells.Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).Chunk(3)];
                float[] expected = [.. rows.Where(row => !row.Any(float.IsInfinity)).SelectMany(row => row)];
                Assert.Equal(rows.Length - (expected.Length / 3), result.Rejects.Count);
                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), result.Values<int>(0));
            }
            else
            {
                Assert.Empty(result.Rejects);
                Assert.Equal(cells.Select(cell => BitConverter.DoubleToInt64Bits(double.Parse(cell, CultureInfo.InvariantCulture))), result.Values<long>(0));
            }
        }
    }

    [Fact]
    public void Rows_of_plain_numbers_and_rows_of_any_other_kind_are_read_alike()
    {
        // A second column that is not used, and a missing token, keep the reader from its one-pass way: both ways must agree on every row.
        Random random = new(3);
        string[] cells = ["1", "-2.5", "3e4", "", "\"6\"", " 7", "+8", ".5", "nan", "x", "0.1", "1,2", "9\r", "\"a\nb\"", "007", "\0"];
        for (int round = 0; round < 300; round++)
        {
            string text = "a,b,c" + (round % 3 == 0 ? "\r\n" : "\n");
            for (int row = 0; row < 30; row++)
            {
                string line = string.Join(',', Enumerable.Range(0, 3).Select(_ => random.Next(4) == 0 ? cells[random.Next(cells.Length)] : cells[random.Next(3)]));
                text += line + (round % 3 == 0 ? "\r\n" : row == 29 && round % 3 == 1 ? "" : "\n");
            }

            RowFixture.Result plain = RowFixture.Read(RowFormat.Csv, text, RowFixture.Signature(X), batch: random.Next(1, 9));
            RowFixture.Result careful = RowFixture.Read(RowFormat.Csv, text, RowFixture.Signature(X), new() { MissingTokens = ["never"] }, batch: random.Next(1, 9));
            Assert.Equal(careful.Rejects, plain.Rejects);
            Assert.Equal(careful.Lines, plain.Lines);
            Assert.Equal(careful.Values<int>(0), plain.Values<int>(0));
        }
    }

    [Fact]
    public void A_blank_line_in_a_file_of_one_column_is_no_row()
    {
        ModelSignature signature = RowFixture.Signature(RowFixture.Input("x", TensorDataType.Float64, -1));
        Assert.Equal([1.0, double.NaN, 2.0], RowFixture.Read(RowFormat.Csv, "x\n1\n\n\"\"\n\n2\n", signature).Values<double>(0));
    }

    [Fact]
    public void Every_datatype_round_trips()
    {
        foreach (TensorDataType type in Enum.GetValues<TensorDataType>().Where(type => type is > TensorDataType.Undefined and < TensorDataType.Int4))
        {
            string cells = type switch
            {
                TensorDataType.Bool => "true,False,1",
                TensorDataType.String => "a,\"b \"\"c\"\"\",d e",
                TensorDataType.Int8 or TensorDataType.Int16 or TensorDataType.Int32 or TensorDataType.Int64 => "-128,0,127",
                TensorDataType.UInt8 or TensorDataType.UInt16 or TensorDataType.UInt32 or TensorDataType.UInt64 => "255,0,7",
                _ => "1.5,-2,NaN",
            };
            TensorSignature tensor = RowFixture.Input("x", type, -1, 3);
            ModelSignature signature = new([tensor], [tensor]) { IsBatchable = true };
            RowFixture.Result first = RowFixture.Read(RowFormat.Csv, "a,b,c\n" + cells + "\n", signature);
            Assert.Empty(first.Rejects);
            foreach (RowFormat format in Enum.GetValues<RowFormat>())
            {
                string written = RowFixture.Write(format, signature, 1, first.Batches[0][0]!);
                RowFixture.Result again = RowFixture.Read(format, written, signature);
                Assert.Empty(again.Rejects);
                Assert.Equal(first.Batches[0][0]!.Data.ToArray(), again.Batches[0][0]!.Data.ToArray());
            }
        }
    }
}
