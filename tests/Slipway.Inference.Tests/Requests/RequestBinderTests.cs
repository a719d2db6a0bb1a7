using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Requests;

public sealed class RequestBinderTests
{
    private static readonly ServableContract Contract = new(
        "m",
        new ModelSignature(
            [
                new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2)),
                new TensorSignature("s", TensorDataType.String, new TensorShape(-1)) { IsOptional = true },
            ],
            [
                new TensorSignature("a", TensorDataType.Float32, new TensorShape(-1)),
                new TensorSignature("b", TensorDataType.Float32, new TensorShape(-1)),
            ])
        { IsBatchable = true },
        [1, 3],
        maxRequestRows: 4);

    private static readonly Tensor Good = Floats("x", [2, 2], 1, 2, 3, 4);

    [Fact]
    public void Inputs_are_put_at_their_positions_in_any_order()
    {
        Tensor strings = Strings("s", [2], [1, 0, 0, 0, (byte)'a', 0, 0, 0, 0]);
        Tensor?[] bound = new Tensor?[2];

        RequestSize size = RequestBinder.Bind(Contract, Request(strings, Good), bound);

        Assert.Equal([Good, strings], bound);
        Assert.Equal(new RequestSize(2, 16 + 9), size);
    }

    [Fact]
    public void Optional_input_may_be_left_out()
    {
        Tensor?[] bound = new Tensor?[2];

        RequestBinder.Bind(Contract, Request(Good), bound);

        Assert.Null(bound[1]);
    }

    public static TheoryData<string, ErrorCode, string> Refused() => new()
    {
        { "shape", ErrorCode.ShapeMismatch, "unexpected shape for input 'x' for model 'm'. Expected [-1,2], got [2,3]" },
        { "rank", ErrorCode.ShapeMismatch, "unexpected shape for input 'x' for model 'm'. Expected [-1,2], got [4]" },
        { "type", ErrorCode.InvalidRequest, "inference input 'x' data-type is 'INT32', but model 'm' expects 'FP32'" },
        { "unknown", ErrorCode.InvalidRequest, "unexpected inference input 'y' for model 'm'. The model takes: 'x', 's'" },
        { "none", ErrorCode.InvalidRequest, "expected 2 inputs but got 0 inputs for model 'm'. Missing: 'x'" },
        { "missing", ErrorCode.InvalidRequest, "input 'x' of model 'm' is missing" },
        { "twice", ErrorCode.InvalidRequest, "input 'x' is given more than once for model 'm'" },
        { "bytes", ErrorCode.ShapeMismatch, "input byte size mismatch for input 'x' for model 'm'. Expected 16, got 12" },
        { "rows", ErrorCode.ShapeMismatch, "input 's' batch size does not match other inputs for model 'm'. Expected 2, got 1" },
        { "many", ErrorCode.InvalidRequest, "inference request batch-size must be <= 4 for 'm'" },
        { "fewStrings", ErrorCode.ShapeMismatch, "input 's' for model 'm' does not hold exactly 2 length-prefixed strings" },
        { "moreStrings", ErrorCode.ShapeMismatch, "input 's' for model 'm' does not hold exactly 1 length-prefixed strings" },
        { "longString", ErrorCode.ShapeMismatch, "input 's' for model 'm' does not hold exactly 1 length-prefixed strings" },
        { "overflow", ErrorCode.ShapeMismatch, "input byte size mismatch for input 'x' for model 'm'. Expected 13835058055282163704, got 0" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Bad_request_is_refused_and_the_culprit_named(string which, ErrorCode code, string message)
    {
        byte[] two = [0, 0, 0, 0, 0, 0, 0, 0];
        InferenceRequest request = which switch
        {
            "shape" => Request(Floats("x", [2, 3], 1, 2, 3, 4, 5, 6)),
            "rank" => Request(Floats("x", [4], 1, 2, 3, 4)),
            "type" => Request(new Tensor("x", TensorDataType.Int32, new TensorShape(1, 2), new byte[8])),
            "unknown" => Request(Good, Floats("y", [1], 1)),
            "none" => Request(),
            "missing" => Request(Strings("s", [2], two)),
            "twice" => Request(Good, Good),
            "bytes" => Request(new Tensor("x", TensorDataType.Float32, new TensorShape(2, 2), new byte[12])),
            "rows" => Request(Good, Strings("s", [1], [0, 0, 0, 0])),
            "many" => Request(Floats("x", [5, 2], new float[10])),
            "fewStrings" => Request(Good, Strings("s", [2], [0, 0, 0, 0])),
            "moreStrings" => Request(Strings("s", [1], two), Floats("x", [1, 2], 1, 2)),
            "longString" => Request(Strings("s", [1], [255, 255, 255, 255, 1]), Floats("x", [1, 2], 1, 2)),
            _ => Request(new Tensor("x", TensorDataType.Float32, new TensorShape((long.MaxValue / 4) + 1 - 1 - 1, 2), default)),
        };

        // Rows beyond every bound are refused for their bytes first.
        SlipwayException exception = Assert.Throws<SlipwayException>(() => RequestBinder.Bind(Contract, request, new Tensor?[2]));

        Assert.Equal(code, exception.Code);
        if (which == "overflow")
        {
            Assert.StartsWith("input byte size mismatch for input 'x' for model 'm'.", exception.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(message, exception.Message);
        }
    }

    [Fact]
    public void Outputs_are_mapped_to_the_engine_in_the_order_asked_for()
    {
        Assert.Equal([3, 1], RequestBinder.BindOutputs(Contract, Wanting(["b", "a"])));
        Assert.Same(Contract.AllOutputs, RequestBinder.BindOutputs(Contract, Wanting([])));
    }

    [Theory]
    [InlineData("a", "c", "unexpected inference output 'c' for model 'm'. The model gives: 'a', 'b'")]
    [InlineData("a", "a", "output 'a' is requested more than once for model 'm'")]
    public void Wrong_outputs_are_refused(string first, string second, string message)
    {
        SlipwayException exception = Assert.Throws<SlipwayException>(() => RequestBinder.BindOutputs(Contract, Wanting([first, "b", second])));

        Assert.Equal((ErrorCode.InvalidRequest, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Input_of_unknown_rank_takes_any_shape()
    {
        ServableContract contract = new(
            "m", new ModelSignature([new TensorSignature("x", TensorDataType.Float32, default) { IsRankUnknown = true }], []), [], 0);

        Assert.Equal(new RequestSize(1, 16), RequestBinder.Bind(contract, Request(Good), new Tensor?[1]));
    }

    [Fact]
    public void Without_a_wish_the_outputs_that_the_model_names_are_given_and_only_those()
    {
        ModelSignature signature = new(Contract.Signature.Inputs, Contract.Signature.Outputs)
        {
            Metadata = new Dictionary<string, string> { [ModelMetadataKeys.DefaultOutputs] = """["b","gone"]""" },
        };
        ServableContract contract = new("m", signature, [1, 3], 0);
        Assert.Equal([3], RequestBinder.BindOutputs(contract, Wanting([])));
        Assert.Equal([1, 3], RequestBinder.BindOutputs(contract, Wanting(["a", "b"])));
    }

    private static InferenceRequest Request(params Tensor[] inputs) => new() { ModelName = "m", Inputs = inputs };

    private static InferenceRequest Wanting(string[] outputs) => new() { ModelName = "m", Inputs = [Good], RequestedOutputs = outputs };

    private static Tensor Floats(string name, long[] shape, params float[] values) => FakeModelDefinition.Floats(name, new TensorShape(shape), values);

    private static Tensor Strings(string name, long[] shape, byte[] packed) => new(name, TensorDataType.String, new TensorShape(shape), packed);
}
