using System.Buffers;
using Slipway.Core.Rows;

namespace Slipway.Core.Tests.Rows;

public sealed class RowEncoderTests
{
    private static readonly TensorSignature Label = RowFixture.Input("label", TensorDataType.String, -1);
    private static readonly TensorSignature Scores = RowFixture.Input("p", TensorDataType.Float32, -1, 2);
    private static readonly TensorSignature Cube = RowFixture.Input("c", TensorDataType.Int64, -1, 2, 2);
    private static readonly TensorSignature One = RowFixture.Input("one", TensorDataType.Float64, -1, 1);

    [Fact]
    public void Csv_flattens_and_names_the_elements()
    {
        ModelSignature signature = Outputs(Label, Scores with { Labels = ["no", "yes"] }, Cube, One);
        string text = RowFixture.Write(
            RowFormat.Csv,
            signature,
            2,
            RowFixture.Strings(Label, [2], "a,b", "say \"hi\""),
            RowFixture.Tensor(Scores, [2, 2], 0.1f, float.NaN, float.NegativeInfinity, 1f),
            RowFixture.Tensor(Cube, [2, 2, 2], 1L, 2, 3, 4, 5, 6, 7, 8),
            RowFixture.Tensor(One, [2, 1], 1e-5, 0.1));

        Assert.Equal(
            "label,p_no,p_yes,c_0_0,c_0_1,c_1_0,c_1_1,one\n\"a,b\",0.1,NaN,1,2,3,4,1E-05\n\"say \"\"hi\"\"\",-Infinity,1,5,6,7,8,0.1\n",
            text);
    }

    [Fact]
    public void Json_nests_and_writes_words_as_strings()
    {
        ModelSignature signature = Outputs(Label, Scores, Cube, One);
        string text = RowFixture.Write(
            RowFormat.JsonLines,
            signature,
            1,
            RowFixture.Strings(Label, [1], "\"é\n"),
            RowFixture.Tensor(Scores, [1, 2], float.NaN, float.NegativeInfinity),
            RowFixture.Tensor(Cube, [1, 2, 2], 1L, 2, 3, 4),
            RowFixture.Tensor(One, [1, 1], double.PositiveInfinity));

        Assert.Equal("{\"label\":\"\\\"é\\n\",\"p\":[\"NaN\",\"-Infinity\"],\"c\":[[1,2],[3,4]],\"one\":\"Infinity\"}\n", text);
    }

    [Fact]
    public void Outputs_are_chosen_by_name_by_default_or_all()
    {
        ModelSignature signature = new([], [Label, Scores, One])
        {
            IsBatchable = true,
            Metadata = new Dictionary<string, string> { [ModelMetadataKeys.DefaultOutputs] = "[\"p\",\"gone\"]" },
        };

        Assert.Equal([1], RowOutputs.Create(signature, []).Positions);
        Assert.Equal([0, 1, 2], RowOutputs.Create(signature, ["all"]).Positions);
        Assert.Equal([2, 0], RowOutputs.Create(signature, ["one", "label"]).Positions);
        SlipwayException error = Assert.Throws<SlipwayException>(() => RowOutputs.Create(signature, ["lable"]));
        Assert.Equal("the model has no output 'lable'; it has 'label', 'p', 'one'", error.Message);
    }

    [Fact]
    public void An_output_without_a_row_for_each_row_is_the_models_fault()
    {
        RowEncoder encoder = RowEncoder.Create(RowFormat.Csv, RowOutputs.Create(Outputs(One), []));
        SlipwayException error = Assert.Throws<SlipwayException>(() => encoder.Write([RowFixture.Tensor(One, [1, 1], 1.0)], 2, new ArrayBufferWriter<byte>()));

        Assert.Equal(ErrorCode.ModelFailed, error.Code);
    }

    [Fact]
    public void Csv_holds_every_batch_to_the_columns_of_the_first()
    {
        TensorSignature free = RowFixture.Input("f", TensorDataType.Float32, -1, -1);
        RowEncoder encoder = RowEncoder.Create(RowFormat.Csv, RowOutputs.Create(Outputs(free), []));
        ArrayBufferWriter<byte> writer = new();
        encoder.Write([RowFixture.Tensor(free, [1, 2], 1f, 2f)], 1, writer);
        SlipwayException error = Assert.Throws<SlipwayException>(() => encoder.Write([RowFixture.Tensor(free, [1, 3], 1f, 2f, 3f)], 1, writer));

        Assert.Equal(ErrorCode.NotSupported, error.Code);
    }

    private static ModelSignature Outputs(params TensorSignature[] outputs) => new([], outputs) { IsBatchable = true };
}
