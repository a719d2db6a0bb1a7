using Slipway.Core.Rows;

namespace Slipway.Core.Tests.Rows;

public sealed class JsonRowTests
{
    private static readonly TensorSignature X = RowFixture.Input("x", TensorDataType.Float32, -1, 2);
    private static readonly TensorSignature Sequence = RowFixture.Input("s", TensorDataType.Int64, -1, -1);

    [Theory]
    [InlineData("{\"x\":[1,2]}\n{\"x\":[3,4]}\n")]
    [InlineData("{\"other\":[1,2]}\n{\"other\":[3,4]}")]
    [InlineData("{\"a\":1,\"b\":2}\r\n\r\n{\"b\":4,\"a\":3}\r\n")]
    [InlineData("{\"x_1\":2,\"x_0\":1,\"y\":\"z\"}\n{\"x_1\":4,\"x_0\":3}\n")]
    public void A_row_is_a_list_or_a_property_for_each_feature(string text)
    {
        RowFixture.Result result = RowFixture.Read(RowFormat.JsonLines, text, RowFixture.Signature(X));

        Assert.Empty(result.Rejects);
        Assert.Equal([1f, 2f, 3f, 4f], result.Values<float>(0));
    }

    [Fact]
    public void Null_and_absent_are_missing_and_words_are_numbers()
    {
        RowFixture.Result result = RowFixture.Read(
            RowFormat.JsonLines,
            "{\"a\":null,\"b\":\"NaN\"}\n{\"b\":\"-Infinity\"}\n{\"a\":1e3,\"b\":\"Infinity\"}\n",
            RowFixture.Signature(X));

        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NegativeInfinity, 1000f, float.PositiveInfinity], result.Values<float>(0));
    }

    [Fact]
    public void Rows_of_different_length_make_batches_of_their_own()
    {
        RowFixture.Result result = RowFixture.Read(
            RowFormat.JsonLines,
            "{\"s\":[1,2]}\n{\"s\":[3,4]}\n{\"s\":[5]}\n{\"s\":[]}\n{\"s\":[9223372036854775807,-1]}\n",
            RowFixture.Signature(Sequence));

        Assert.Equal(["[2,2]", "[1,1]", "[1,0]", "[1,2]"], result.Batches.Select(batch => batch[0]!.Shape.ToString()));
        Assert.Equal([1L, 2, 3, 4, 5, long.MaxValue, -1], result.Values<long>(0));
    }

    [Fact]
    public void What_is_wrong_with_a_row_is_said_by_line_and_property()
    {
        ModelSignature signature = RowFixture.Signature(X, RowFixture.Input("n", TensorDataType.Int32, -1));
        RowFixture.Result result = RowFixture.Read(
            RowFormat.JsonLines,
            """
            {"x":[1,2],"n":1}
            {"x":[1],"n":1}
            {"x":[[1,2],[3]],"n":1}
            {"x":[1,"two"],"n":1}
            {"x":[1,2],"n":null}
            {"x":[1,2]}
            {"x":[1,2],"m":1}
            {"x":[1,2],"n":1,"n":2}
            {"x":[1,2],"n":1} x
            [1,2]
            {"x":[1,2],"n":
            {"x":[[1],2],"n":1}
            {"x":[1,2],"n":2}
            """,
            signature);

        Assert.Equal([1, 2], result.Values<int>(1));
        Assert.Equal(
            [
                "2: property 'x': a value of shape [1]; expected [2]",
                "3: property 'x': a ragged list: 1 elements where the list before it has 2",
                "4: property 'x': an element is not a valid FP32",
                "5: property 'n': an element is not a valid INT32",
                "6: property 'n' is missing",
                "7: property 'm' is not one of the first row's",
                "8: property 'n' is given twice",
                "9: not valid JSON at byte 19 of the line",
                "10: the row is not a JSON object",
                "11: not valid JSON at byte 16 of the line",
                "12: property 'x': a ragged list: an element where a list is expected",
            ],
            result.Rejects);
    }

    [Fact]
    public void Strings_are_unescaped()
    {
        RowFixture.Result result = RowFixture.Read(
            RowFormat.JsonLines,
            "{\"t\":\"a\\n\\u00e9\"}\n{\"t\":null}\n{\"t\":12.50}\n",
            RowFixture.Signature(RowFixture.Input("t", TensorDataType.String, -1, 1)));

        Assert.Equal(["a\né", "", "12.50"], result.Strings(0));
    }

    [Fact]
    public void A_model_that_takes_one_row_gets_one_at_a_time()
    {
        ModelSignature signature = new([RowFixture.Input("x", TensorDataType.Float32, 1, 2), RowFixture.Input("f", TensorDataType.Float32, -1)], []);
        RowFixture.Result result = RowFixture.Read(RowFormat.JsonLines, "{\"x\":[1,2],\"f\":[1,2,3]}\n{\"x\":[[3,4]],\"f\":5}\n", signature);

        Assert.Equal(["[1,2]", "[1,2]"], result.Batches.Select(batch => batch[0]!.Shape.ToString()));
        Assert.Equal(["[3]", "[1]"], result.Batches.Select(batch => batch[1]!.Shape.ToString()));
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_a_rejected_row()
    {
        string deep = new string('[', 5000) + new string(']', 5000);
        RowFixture.Result result = RowFixture.Read(RowFormat.JsonLines, "{\"x\":[1,2]}\n{\"x\":" + deep + "}\n", RowFixture.Signature(X));

        Assert.Single(result.Rejects);
        Assert.StartsWith("2: ", result.Rejects[0], StringComparison.Ordinal);
    }
}
