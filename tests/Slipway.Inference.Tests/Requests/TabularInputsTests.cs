using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Tests.Requests;

public sealed class TabularInputsTests
{
    private static readonly ServableContract Matrix = Contract(
        """["a","b","c"]""", new TensorSignature("X", TensorDataType.Float64, new TensorShape(-1, 3)));

    private static readonly ServableContract Columns = Contract(
        null,
        new TensorSignature("a", TensorDataType.Float64, new TensorShape(-1)),
        new TensorSignature("b", TensorDataType.Float64, new TensorShape(-1, 1)));

    [Fact]
    public void Columns_in_any_order_and_of_any_narrower_type_become_the_matrix()
    {
        Tensor bound = Assert.Single(Bind(Matrix, true,
            new Tensor("c", TensorDataType.Float64, new TensorShape(2), Bytes(5.5, double.NaN)),
            new Tensor("a", TensorDataType.Int32, new TensorShape(2, 1), MemoryMarshal.AsBytes([1, 2]).ToArray()),
            new Tensor("b", TensorDataType.Float32, new TensorShape(2), MemoryMarshal.AsBytes([0.1f, 4f]).ToArray())))!;
        Assert.Equal(("X", TensorDataType.Float64, new TensorShape(2, 3)), (bound.Name, bound.DataType, bound.Shape));
        Assert.Equal([1, 0.1f, 5.5, 2, 4, double.NaN], Doubles(bound));
    }

    [Fact]
    public void A_matrix_becomes_the_columns()
    {
        Tensor?[] bound = Bind(Columns, true, new Tensor("X", TensorDataType.Float32, new TensorShape(2, 2), MemoryMarshal.AsBytes([1f, 2, 3, 4]).ToArray()));
        Assert.Equal([1, 3], Doubles(bound[0]!));
        Assert.Equal([2, 4], Doubles(bound[1]!));
        Assert.Equal((new TensorShape(2), new TensorShape(2, 1)), (bound[0]!.Shape, bound[1]!.Shape));
    }

    [Fact]
    public void The_models_own_form_is_bound_as_it_is()
    {
        Tensor own = new("X", TensorDataType.Float64, new TensorShape(1, 3), Bytes(1, 2, 3));
        Assert.Same(own, Assert.Single(Bind(Matrix, false, own)));
    }

    [Fact]
    public void A_narrower_type_and_a_missing_or_extra_one_dimension_are_brought_into_the_models_form()
    {
        Tensor narrow = new("X", TensorDataType.Float32, new TensorShape(1, 3), MemoryMarshal.AsBytes([1f, 2, 0.1f]).ToArray());
        Assert.Equal([1, 2, 0.1f], Doubles(Assert.Single(Bind(Matrix, true, narrow))!));

        Tensor?[] bound = Bind(Columns, true, new Tensor("a", TensorDataType.Float64, new TensorShape(2, 1), Bytes(1, 2)), new Tensor("b", TensorDataType.Int8, new TensorShape(2), new byte[] { 3, 255 }));
        Assert.Equal((new TensorShape(2), new TensorShape(2, 1)), (bound[0]!.Shape, bound[1]!.Shape));
        Assert.Equal([3, -1], Doubles(bound[1]!));
    }

    [Theory]
    [InlineData("missing", ErrorCode.InvalidRequest, "1 of 3 features are missing: 'c'")]
    [InlineData("stranger", ErrorCode.InvalidRequest, "input 'd' is none of the 3 features")]
    [InlineData("twice", ErrorCode.InvalidRequest, "feature 'a' is given more than once")]
    [InlineData("rows", ErrorCode.ShapeMismatch, "unexpected shape for feature 'c' for model 'm'. Expected [2], got [1]")]
    [InlineData("matrix", ErrorCode.ShapeMismatch, "unexpected shape for feature 'c' for model 'm'. Expected [2], got [2,2]")]
    [InlineData("scalar", ErrorCode.ShapeMismatch, "unexpected shape for feature 'c'")]
    [InlineData("text", ErrorCode.InvalidRequest, "feature 'c' data-type is 'BYTES', which 'FP64' can't hold without loss")]
    [InlineData("bytes", ErrorCode.ShapeMismatch, "input byte size mismatch for feature 'c' for model 'm'. Expected 16, got 8")]
    [InlineData("large", ErrorCode.InvalidRequest, "feature 'c' data-type is 'INT64', which 'FP64' can't hold without loss")]
    [InlineData("huge", ErrorCode.ShapeMismatch, "input byte size mismatch")]
    public void Columns_that_do_not_fit_are_refused_by_name(string which, ErrorCode code, string message)
    {
        Tensor a = Column("a"), b = Column("b");
        Tensor[] given = which switch
        {
            "missing" => [a, b],
            "stranger" => [a, b, Column("d")],
            "twice" => [a, b, Column("a")],
            "rows" => [a, b, new Tensor("c", TensorDataType.Float64, new TensorShape(1), Bytes(1))],
            "matrix" => [a, b, new Tensor("c", TensorDataType.Float64, new TensorShape(2, 2), Bytes(1, 2, 3, 4))],
            "scalar" => [a, b, new Tensor("c", TensorDataType.Float64, TensorShape.Scalar, Bytes(1))],
            "text" => [a, b, new Tensor("c", TensorDataType.String, new TensorShape(2), new byte[8])],
            "bytes" => [a, b, new Tensor("c", TensorDataType.Float64, new TensorShape(2), Bytes(1))],
            "large" => [a, b, new Tensor("c", TensorDataType.Int64, new TensorShape(2), MemoryMarshal.AsBytes([1L, long.MaxValue]).ToArray())],
            _ => [new Tensor("a", TensorDataType.Int8, new TensorShape(1 << 24), default), new Tensor("b", TensorDataType.Int8, new TensorShape(1 << 24), default), new Tensor("c", TensorDataType.Int8, new TensorShape(1 << 24), default)],
        };
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Bind(Matrix, true, given));
        Assert.Equal(code, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stranger_is_told_of_both_forms()
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Bind(Matrix, true, Column("z")));
        Assert.Equal("unexpected inference input 'z' for model 'm'. The model takes: 'X', or a column for each feature: 'a', 'b', 'c'", refused.Message);
        refused = Assert.Throws<SlipwayException>(() => Bind(Columns, true, new Tensor("X", TensorDataType.Float64, new TensorShape(1, 3), Bytes(1, 2, 3))));
        Assert.Equal(ErrorCode.ShapeMismatch, refused.Code);
    }

    [Theory]
    [InlineData("[\"a\",\"b\"]")] // too few
    [InlineData("[\"a\",\"b\",\"b\"]")] // twice
    [InlineData("[\"a\",\"b\",\"X\"]")] // the matrix' own name
    [InlineData("nonsense")]
    public void Names_that_can_not_be_told_apart_make_no_columns(string features) =>
        Assert.Null(Contract(features, Matrix.Inputs[0]).Signature.Columns);

    private static Tensor?[] Bind(ServableContract contract, bool isAdapted, params Tensor[] given)
    {
        Tensor?[] bound = new Tensor?[contract.Inputs.Length];
        RequestSize size = RequestBinder.Bind(contract, new InferenceRequest { ModelName = "m", Inputs = given }, bound);
        Assert.Equal(isAdapted, size.IsAdapted);
        Assert.Equal(bound.Sum(static tensor => tensor!.Data.Length), size.Bytes);
        return bound;
    }

    private static Tensor Column(string name) => new(name, TensorDataType.Float64, new TensorShape(2), Bytes(1, 2));

    private static byte[] Bytes(params double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static double[] Doubles(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.Data.Span).ToArray();

    private static ServableContract Contract(string? features, params TensorSignature[] inputs) => new(
        "m",
        new ModelSignature(inputs, [new TensorSignature("y", TensorDataType.Float64, new TensorShape(-1))])
        {
            IsBatchable = true,
            Metadata = features is null ? [] : new Dictionary<string, string> { [ModelMetadataKeys.FeatureNames] = features },
        },
        [0],
        maxRequestRows: 0);
}
