using Google.Protobuf;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tests.Grpc;
using InputTensor = Slipway.Protocols.Protos.Inference.ModelInferRequest.Types.InferInputTensor;

namespace Slipway.Protocols.Tests.OpenInference.Grpc;

/// <summary>What the protocol says about the two places where an input's data may be.</summary>
public sealed class RawContentsRulesTests : IAsyncLifetime
{
    private const string Method = "inference.GRPCInferenceService/ModelInfer";

    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync();
        _server.Models.Add("add");
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Raw_entries_belong_to_the_inputs_in_their_order_and_more_of_them_are_ignored()
    {
        ModelInferRequest request = Request(("a", "INT8", 2), ("b", "INT64", 1));
        request.RawInputContents.Add([ByteString.CopyFrom(1, 2), ByteString.CopyFrom(1, 0, 0, 0, 0, 0, 0, 0), ByteString.CopyFrom(9)]);
        (await _client.CallAsync(Method, request)).Single(ModelInferResponse.Parser);
        Assert.Equal(["0102", "0100000000000000"], _server.Models.Last!.Inputs.Select(static input => Convert.ToHexString(input.Data)));
    }

    [Fact]
    public async Task Fewer_raw_entries_than_inputs_are_refused() =>
        await RefusedAsync(WithRaw(Request(("a", "INT8", 1), ("b", "INT8", 1)), [1]), "expected 2 entries in raw_input_contents");

    [Fact]
    public async Task Contents_beside_raw_contents_are_refused_even_when_empty()
    {
        ModelInferRequest request = WithRaw(Request(("a", "INT8", 1)), [1]);
        request.Inputs[0].Contents = new InferTensorContents();
        await RefusedAsync(request, "contents field must not be specified when using raw_input_contents for 'a'");
    }

    [Fact]
    public async Task Input_without_any_data_is_refused() => await RefusedAsync(Request(("a", "INT8", 1)), "unable to find data for input tensor 'a'");

    [Fact]
    public async Task Contents_of_another_type_are_refused() => await RefusedAsync(
        WithContents(Request(("a", "FP32", 1)), new InferTensorContents { Fp64Contents = { 1 } }), "another datatype than FP32");

    [Fact]
    public async Task Contents_of_two_types_are_refused() => await RefusedAsync(
        WithContents(Request(("a", "FP32", 1)), new InferTensorContents { Fp32Contents = { 1 }, IntContents = { 1 } }), "another datatype than FP32");

    [Theory]
    [InlineData("FP16")]
    [InlineData("BF16")]
    public async Task Half_floats_have_no_contents(string datatype) => await RefusedAsync(
        WithContents(Request(("a", datatype, 1)), new InferTensorContents { Fp32Contents = { 1 } }), "send it in raw_input_contents");

    [Theory]
    [InlineData("INT32", 2, 4)]
    [InlineData("INT32", 1, 5)]
    [InlineData("BYTES", 1, 3)]
    [InlineData("INT4", 3, 1)]
    public async Task Raw_data_of_another_length_than_the_shape_is_refused(string datatype, long elements, int bytes) =>
        await RefusedAsync(WithRaw(Request(("a", datatype, elements)), new byte[bytes]), "'a'");

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Contents_with_another_number_of_values_are_refused(long elements) => await RefusedAsync(
        WithContents(Request(("a", "INT64", elements)), new InferTensorContents { Int64Contents = { 1 } }), $"expected {elements} values");

    [Fact]
    public async Task Strings_are_counted() =>
        await RefusedAsync(WithRaw(Request(("a", "BYTES", 2)), [1, 0, 0, 0, 65]), "'a'");

    [Fact]
    public async Task No_elements_are_an_empty_entry()
    {
        (await _client.CallAsync(Method, WithRaw(Request(("a", "FP32", 0)), []))).Single(ModelInferResponse.Parser);
        Assert.Empty(Assert.Single(_server.Models.Last!.Inputs).Data);
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("")]
    [InlineData("FLOAT")]
    public async Task Datatype_that_is_none_is_refused(string datatype) => await RefusedAsync(WithRaw(Request(("a", datatype, 1)), [0]), "is not a datatype");

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MinValue)]
    public async Task Negative_dimension_is_refused(long dimension) => await RefusedAsync(WithRaw(Request(("a", "INT8", dimension)), [0]), "shape");

    [Fact]
    public async Task Shape_that_no_number_can_count_is_refused()
    {
        ModelInferRequest request = WithRaw(Request(("a", "INT8", long.MaxValue)), [0]);
        request.Inputs[0].Shape.Add(long.MaxValue);
        await RefusedAsync(request, "shape");
    }

    [Fact]
    public async Task Bool_that_is_neither_is_refused() => await RefusedAsync(WithRaw(Request(("a", "BOOL", 1)), [2]), "0 or 1");

    [Fact]
    public async Task Input_given_twice_is_refused()
    {
        ModelInferRequest request = Request(("a", "INT8", 1), ("a", "INT8", 1));
        request.RawInputContents.Add([ByteString.CopyFrom(1), ByteString.CopyFrom(1)]);
        await RefusedAsync(request, "more than once");
    }

    [Fact]
    public async Task Output_asked_for_twice_is_refused()
    {
        ModelInferRequest request = WithRaw(Request(("a", "INT8", 1)), [1]);
        request.Outputs.Add([new() { Name = "y" }, new() { Name = "y" }]);
        await RefusedAsync(request, "more than once");
    }

    [Fact]
    public async Task Shared_memory_of_an_input_is_UNIMPLEMENTED()
    {
        ModelInferRequest request = Request(("a", "INT8", 1));
        request.Inputs[0].Parameters.Add("shared_memory_region", new InferParameter { StringParam = "r" });
        Assert.Equal(12, (await _client.CallAsync(Method, request)).Status);
    }

    [Fact]
    public async Task Invalid_UTF8_in_a_name_is_refused()
    {
        GrpcReply reply = await _client.CallAsync(Method, [0x0a, 0x02, 0xc3, 0x28]);
        Assert.Equal(3, reply.Status);
        Assert.Contains("UTF-8", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classification_gives_the_best_classes_as_strings()
    {
        // V9 of the protocol's fact sheet.
        ModelInferRequest request = new() { ModelName = "add" };
        request.Inputs.Add(new InputTensor { Name = "y", Datatype = "FP32", Shape = { 4 }, Contents = new InferTensorContents { Fp32Contents = { 1.1f, 3.3f, 0.5f, 2.4f } } });
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "y", Parameters = { ["classification"] = new InferParameter { Int64Param = 2 } } });
        ModelInferResponse response = (await _client.CallAsync(Method, request)).Single(ModelInferResponse.Parser);

        Assert.Equal(("BYTES", 2), (response.Outputs[0].Datatype, response.Outputs[0].Shape.Single()));
        byte[] expected = [10, 0, 0, 0, .. "3.300000:1"u8, 10, 0, 0, 0, .. "2.400000:3"u8];
        Assert.Equal(expected, response.RawOutputContents[0].ToByteArray());
    }

    private async Task RefusedAsync(ModelInferRequest request, string message)
    {
        GrpcReply reply = await _client.CallAsync(Method, request);
        Assert.Equal(3, reply.Status);
        Assert.Contains(message, reply.Message, StringComparison.Ordinal);
        Assert.Null(_server.Models.Last);
    }

    private static ModelInferRequest Request(params (string Name, string DataType, long Elements)[] inputs)
    {
        ModelInferRequest request = new() { ModelName = "add" };
        foreach ((string name, string dataType, long elements) in inputs)
        {
            request.Inputs.Add(new InputTensor { Name = name, Datatype = dataType, Shape = { elements } });
        }

        return request;
    }

    private static ModelInferRequest WithRaw(ModelInferRequest request, byte[] data)
    {
        request.RawInputContents.Add(ByteString.CopyFrom(data));
        return request;
    }

    private static ModelInferRequest WithContents(ModelInferRequest request, InferTensorContents contents)
    {
        request.Inputs[0].Contents = contents;
        return request;
    }
}
