using Slipway.Core;
using Slipway.Protocols.Protos.TensorFlow;
using Slipway.Protocols.Protos.TensorFlow.Serving;
using Slipway.Protocols.Tests.Grpc;

namespace Slipway.Protocols.Tests.TensorFlowServing.Grpc;

public sealed class PredictTests : IAsyncLifetime
{
    private const string Method = "tensorflow.serving.PredictionService/Predict";

    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync();
        _server.Models.Add("half", version: 123);
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Golden_request_is_read_and_golden_response_is_written_byte_for_byte()
    {
        // T8 and T9 of the protocol's fact sheet.
        _server.Models.Run = static (request, _) => ValueTask.FromResult<IReadOnlyList<Tensor>>(
            [new Tensor("y", TensorDataType.Float32, new TensorShape(1, 2), Convert.FromHexString("0000204000004040"))]);
        GrpcReply reply = await _client.CallAsync(Method, Convert.FromHexString(
            "0a170a0468616c661a0f73657276696e675f64656661756c74121b0a017812160801120812020801120208022208" + "0000803f00000040"));

        Assert.Equal((0, ""), (reply.Status, reply.Message));
        (string name, TensorDataType type, TensorShape shape, byte[] data) = Assert.Single(_server.Models.Last!.Inputs);
        Assert.Equal(("x", TensorDataType.Float32, new TensorShape(1, 2), "0000803F00000040"), (name, type, shape, Convert.ToHexString(data)));
        Assert.Equal(
            "0A1B0A017912160801120812020801120208022A080000204000004040" + "121B0A0468616C661202087B1A0F73657276696E675F64656661756C74",
            Convert.ToHexString(Assert.Single(reply.Messages)));
    }

    [Theory]
    [InlineData("0807" + "120412020802" + "42026869" + "4200", "02000000686900000000")] // T12: strings in string_val
    [InlineData("0807" + "120412020802" + "220402006869", "02000000686900000000")] // T12: the same in tensor_content
    [InlineData("0801" + "120412020803" + "2a040000e040", "0000E0400000E0400000E040")] // T13: the last value stands for all
    [InlineData("0807" + "120412020802" + "42026869", "020000006869020000006869")]
    [InlineData("0803" + "120412020802", "0000000000000000")] // no value: zeros
    [InlineData("0807" + "120412020802", "0000000000000000")] // no value: empty strings
    [InlineData("0801" + "120412020802" + "2d0000803f" + "2d00000040", "0000803F00000040")] // not packed
    [InlineData("0813" + "120412020802" + "6a058078808001", "003C0040")] // half_val holds bit patterns
    [InlineData("0809" + "520affffffffffffffffff01", "FFFFFFFFFFFFFFFF")] // no shape: a scalar
    [InlineData("0806" + "120412020802" + "3a0bffffffffffffffffff0105", "FF05")] // int_val keeps the low bits
    [InlineData("080a" + "120412020802" + "5a020100", "0100")]
    [InlineData("0801" + "120412020802" + "220800000000000080bf" + "2a040000e040", "00000000000080BF")] // tensor_content counts
    [InlineData("0801" + "1204" + "12020800", "")] // no elements
    public async Task Tensor_is_decoded_by_the_rules(string proto, string expected)
    {
        GrpcReply reply = await PredictAsync(Convert.FromHexString(proto));
        Assert.Equal((0, ""), (reply.Status, reply.Message));
        Assert.Equal(expected, Convert.ToHexString(Assert.Single(_server.Models.Last!.Inputs).Data));
    }

    [Theory]
    [InlineData("0801" + "120412020802" + "2a0c0000803f0000004000004040", 3)] // more values than elements
    [InlineData("0801" + "120412020802" + "22040000803f", 3)] // tensor_content of another length
    [InlineData("0801" + "12021801", 3)] // unknown rank
    [InlineData("0801" + "120d120b08ffffffffffffffffff01", 3)] // a dimension of -1
    [InlineData("1204" + "12020802", 3)] // no dtype
    [InlineData("0808" + "120412020802", 12)] // complex numbers
    [InlineData("0801" + "120a1208088080808080800a", 8)] // zeros that nobody sent and nobody could hold
    [InlineData("0807" + "120412020802" + "22050200686900", 3)] // bytes behind the last string
    [InlineData("080a" + "120412020802" + "22020102", 3)] // a bool of 2
    [InlineData("0801" + "1204", 3)] // ends within a field
    [InlineData("0801" + "120412020801" + "32080000000000001440", 3)] // DT_FLOAT with a value in double_val alone
    [InlineData("0807" + "120412020801" + "3a0105", 3)] // DT_STRING with a value in int_val alone
    public async Task Impossible_tensor_is_refused(string proto, int status)
    {
        byte[] tensor = Convert.FromHexString(proto);
        byte[] entry = [0x0a, 0x01, 0x78, 0x12, (byte)tensor.Length, .. tensor];
        byte[] request = [0x0a, 0x06, 0x0a, 0x04, .. "half"u8, 0x12, (byte)entry.Length, .. entry];
        Assert.Equal(status, (await _client.CallAsync(Method, request)).Status);
    }

    [Theory]
    [InlineData("nope", null, null, 5, "Servable not found for request: Latest(nope)")]
    [InlineData("half", 7L, null, 5, "Servable not found for request: Specific(half, 7)")]
    [InlineData("half", 0L, null, 5, "Servable not found for request: Specific(half, 0)")]
    [InlineData("half", null, "stable", 3, "Unrecognized servable version label: stable")]
    [InlineData("", null, null, 3, "ModelSpec has no name specified.")]
    public async Task Model_that_is_not_there_is_told_in_the_words_that_clients_know(string name, long? version, string? label, int status, string message)
    {
        PredictRequest request = new() { ModelSpec = new ModelSpec { Name = name } };
        if (version is { } number)
        {
            request.ModelSpec.Version = number;
        }

        if (label is not null)
        {
            request.ModelSpec.VersionLabel = label;
        }

        GrpcReply reply = await _client.CallAsync(Method, request);
        Assert.Equal((status, message), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Unknown_signature_is_FAILED_PRECONDITION()
    {
        GrpcReply reply = await _client.CallAsync(Method, new PredictRequest { ModelSpec = new ModelSpec { Name = "half", SignatureName = "other" } });
        Assert.Equal((9, "Serving signature key \"other\" not found."), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Output_filter_is_the_list_of_outputs_and_names_each_once()
    {
        PredictRequest request = new() { ModelSpec = new ModelSpec { Name = "half" }, OutputFilter = { "b", "a" } };
        await _client.CallAsync(Method, request);
        Assert.Equal(["b", "a"], _server.Models.Last!.Outputs);

        request.OutputFilter.Add("b");
        Assert.Equal(3, (await _client.CallAsync(Method, request)).Status);
    }

    [Fact]
    public async Task A_filter_that_names_no_output_is_told_as_TensorFlow_Serving_does()
    {
        // As the service behind the protocol refuses it; the echo model has the output x.
        _server.Models.Run = static (_, _) => throw new SlipwayException(ErrorCode.InvalidRequest, "unexpected inference output 'zz' for model 'half'");
        GrpcReply reply = await _client.CallAsync(Method, new PredictRequest { ModelSpec = new ModelSpec { Name = "half" }, OutputFilter = { "x", "zz" } });
        Assert.Equal((3, "output tensor alias not found in signature: zz Outputs expected to be in the set {x}."), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData(TensorDataType.Bool, "0100")]
    [InlineData(TensorDataType.UInt8, "00ff")]
    [InlineData(TensorDataType.Int8, "80ff")]
    [InlineData(TensorDataType.UInt16, "ffff0100")]
    [InlineData(TensorDataType.Int16, "ffff0080")]
    [InlineData(TensorDataType.Int32, "ffffffff01000080")]
    [InlineData(TensorDataType.UInt32, "ffffffff01000080")]
    [InlineData(TensorDataType.Int64, "ffffffffffffffff0000000000000080")]
    [InlineData(TensorDataType.UInt64, "ffffffffffffffff0000000000000080")]
    [InlineData(TensorDataType.Float16, "003c00c0")]
    [InlineData(TensorDataType.BFloat16, "c03f00c0")]
    [InlineData(TensorDataType.Float32, "0000803f0000c07f")]
    [InlineData(TensorDataType.Float64, "000000000000f03f000000000000f07f")]
    [InlineData(TensorDataType.String, "02000000686900000000")]
    public async Task Every_type_goes_out_in_its_field_and_comes_in_again(TensorDataType type, string hex)
    {
        byte[] data = Convert.FromHexString(hex);
        _server.Models.Run = (_, _) => ValueTask.FromResult<IReadOnlyList<Tensor>>([new Tensor("y", type, new TensorShape(2), data)]);
        PredictResponse response = (await PredictAsync(Convert.FromHexString("0803120412020802"))).Single(PredictResponse.Parser);
        TensorProto output = response.Outputs["y"];
        Assert.True(output.TensorContent.IsEmpty);
        Assert.Equal(2, Assert.Single(output.TensorShape.Dim).Size);

        PredictRequest back = new() { ModelSpec = new ModelSpec { Name = "half" } };
        back.Inputs.Add("x", output);
        Assert.Equal(0, (await _client.CallAsync(Method, back)).Status);
        (_, TensorDataType backType, _, byte[] backData) = Assert.Single(_server.Models.Last!.Inputs);
        Assert.Equal((type, Convert.ToHexString(data)), (backType, Convert.ToHexString(backData)));
    }

    private Task<GrpcReply> PredictAsync(byte[] tensor)
    {
        PredictRequest request = new() { ModelSpec = new ModelSpec { Name = "half" } };
        request.Inputs.Add("x", TensorProto.Parser.ParseFrom(tensor));
        return _client.CallAsync(Method, request);
    }
}
