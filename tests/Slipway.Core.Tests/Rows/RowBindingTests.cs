using Slipway.Core.Rows;

namespace Slipway.Core.Tests.Rows;

public sealed class RowBindingTests
{
    private static readonly TensorSignature X = RowFixture.Input("x", TensorDataType.Float32, -1, 3);

    [Fact]
    public void Feature_names_of_the_model_decide_the_order()
    {
        ModelSignature signature = new([X], []) { IsBatchable = true, Metadata = Features("[\"a\",\"b\",\"c\"]") };
        RowFixture.Result result = RowFixture.Read(RowFormat.Csv, "label,c,a,b\n9,3,1,2\n", signature);

        Assert.Equal([1f, 2f, 3f], result.Values<float>(0));
        Assert.Equal(["not used: column 'label'"], result.Binding.Notices);
    }

    [Fact]
    public void A_file_that_names_no_feature_is_taken_in_order_with_a_notice()
    {
        ModelSignature signature = new([X], []) { IsBatchable = true, Metadata = Features("[\"a\",\"b\",\"c\"]") };
        RowFixture.Result result = RowFixture.Read(RowFormat.Csv, "f0,f1,f2\n1,2,3\n", signature);

        Assert.Equal([1f, 2f, 3f], result.Values<float>(0));
        Assert.Single(result.Binding.Notices);
    }

    [Theory]
    [InlineData("a,b,x\n", "no column for feature 'c'; the model takes 'x' FP32 [-1,3]; the file has 3 columns: 'a', 'b', 'x'")]
    [InlineData("f0,f1\n", "input 'x' takes 3 values a row and the file has 2 columns to feed it; the model takes 'x' FP32 [-1,3]; the file has 2 columns: 'f0', 'f1'")]
    public void Columns_that_do_not_fit_are_named_with_what_was_expected(string header, string message)
    {
        ModelSignature signature = new([X], []) { IsBatchable = true, Metadata = Features("[\"a\",\"b\",\"c\"]") };
        SlipwayException error = Assert.Throws<SlipwayException>(() => RowFixture.Read(RowFormat.Csv, header, signature));

        Assert.Equal(ErrorCode.InvalidRequest, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Columns_can_be_chosen_and_left_out()
    {
        const string text = "id,p,q,r,label\n7,1,2,3,9\n";

        Assert.Equal([1f, 2f, 3f], RowFixture.Read(RowFormat.Csv, text, RowFixture.Signature(X), new() { Ignore = ["label", "id"] }).Values<float>(0));
        Assert.Equal([3f, 1f, 2f], RowFixture.Read(RowFormat.Csv, text, RowFixture.Signature(X), new() { Columns = ["r", "p", "q"] }).Values<float>(0));
        SlipwayException error = Assert.Throws<SlipwayException>(() => RowFixture.Read(RowFormat.Csv, text, RowFixture.Signature(X), new() { Ignore = ["lable"] }));
        Assert.StartsWith("there is no column 'lable'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_inputs_are_matched_by_name()
    {
        ModelSignature signature = RowFixture.Signature(
            RowFixture.Input("age", TensorDataType.Int64, -1, 1),
            RowFixture.Input("city", TensorDataType.String, -1, 1),
            RowFixture.Input("v", TensorDataType.Float64, -1, 2),
            RowFixture.Input("note", TensorDataType.String, -1) with { IsOptional = true });
        RowFixture.Result result = RowFixture.Read(RowFormat.Csv, "v_1,city,age,v_0\n2.5,Rome,41,1.5\n", signature);

        Assert.Equal([41L], result.Values<long>(0));
        Assert.Equal(["Rome"], result.Strings(1));
        Assert.Equal([1.5, 2.5], result.Values<double>(2));
        Assert.Null(result.Batches[0][3]);

        SlipwayException error = Assert.Throws<SlipwayException>(() => RowFixture.Read(RowFormat.Csv, "v_1,age,v_0\n", signature));
        Assert.StartsWith("no column for input 'city'; ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_free_dimension_takes_all_columns()
    {
        ModelSignature signature = RowFixture.Signature(RowFixture.Input("x", TensorDataType.Float32, -1, -1));
        RowFixture.Result result = RowFixture.Read(RowFormat.Csv, "0,1,2,3\n1,2,3,4\n", signature);

        Assert.Equal(new TensorShape(1, 4), result.Batches[0][0]!.Shape);
    }

    [Theory]
    [InlineData(",0,1,2")]
    [InlineData("a,1,2")]
    [InlineData(",,a")]
    public void A_first_line_that_counts_or_has_other_text_is_a_header(string line)
    {
        Assert.Equal(line.Split(','), RowColumns.Read(RowFormat.Csv, System.Text.Encoding.UTF8.GetBytes(line + "\n"), RowReadOptions.Default));
    }

    [Theory]
    [InlineData("1.5,2,3")]
    [InlineData("inf,2,3")]
    [InlineData("1,-Inf,NaN")]
    [InlineData("True,2,3")]
    [InlineData("1,,3")]
    [InlineData(",2,3")]
    public void A_first_line_of_values_is_not_a_header_unless_it_counts(string line)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => RowFixture.Read(RowFormat.Csv, line + "\n4,5,6\n", RowFixture.Signature(X)));
        Assert.Contains("is the header missing?", error.Message, StringComparison.Ordinal);
        Assert.Equal([1.5f, 2f, 3f], RowFixture.Read(RowFormat.Csv, "1.5,2,3\n", RowFixture.Signature(X), new() { HasHeader = false }).Values<float>(0));
    }

    private static Dictionary<string, string> Features(string json) => new() { [ModelMetadataKeys.FeatureNames] = json };
}
