using System.Text;
using System.Text.Json;
using Slipway.Client.Inference;

namespace Slipway.Client.Tests.Inference;

public sealed class InferBodyTests
{
    [Fact]
    public void Binary_tensors_lie_behind_the_JSON_in_their_order()
    {
        InferCall call = new("m", [new("a", "INT64", [1], new byte[8]), new("b", "UINT8", [2], new byte[] { 7, 8 })]) { Id = "1", Outputs = ["y"] };

        (byte[] body, int? length) = InferBody.Write(call);

        Assert.Equal(10, body.Length - length);
        Assert.Equal([7, 8], body[^2..]);
        using JsonDocument head = JsonDocument.Parse(body.AsMemory(0, length!.Value));
        Assert.Equal("1", head.RootElement.GetProperty("id").GetString());
        Assert.Equal(8, head.RootElement.GetProperty("inputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.True(head.RootElement.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data").GetBoolean());
        Assert.True(head.RootElement.GetProperty("parameters").GetProperty("binary_data_output").GetBoolean());
    }

    [Theory]
    [InlineData("FP32", "0000803F000000C0", "[1,-2]")]
    [InlineData("FP64", "000000000000F03F00000000000000C0", "[1,-2]")]
    [InlineData("INT8", "FF7F", "[-1,127]")]
    [InlineData("UINT8", "FF00", "[255,0]")]
    [InlineData("INT16", "FFFF0100", "[-1,1]")]
    [InlineData("UINT16", "FFFF0100", "[65535,1]")]
    [InlineData("INT32", "FEFFFFFF00000080", "[-2,-2147483648]")]
    [InlineData("UINT32", "FFFFFFFF00000000", "[4294967295,0]")]
    [InlineData("INT64", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F", "[-1,9223372036854775807]")]
    [InlineData("UINT64", "FFFFFFFFFFFFFFFF0000000000000000", "[18446744073709551615,0]")]
    [InlineData("BOOL", "0100", "[true,false]")]
    [InlineData("BYTES", "020000006869000000 00", "[\"hi\",\"\"]")]
    public void Every_datatype_is_written_to_JSON_and_read_back_exactly(string datatype, string hex, string json)
    {
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        (byte[] body, int? length) = InferBody.Write(new InferCall("m", [new("x", datatype, [2], data)]) { Binary = false });

        Assert.Null(length);
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement written = document.RootElement.GetProperty("inputs")[0].GetProperty("data");
        Assert.Equal(json, written.GetRawText());
        InferResult read = InferBody.Read(
            Encoding.UTF8.GetBytes($$"""{"model_name":"m","model_version":"1","outputs":[{"name":"x","datatype":"{{datatype}}","shape":[2],"data":{{json}}}]}"""), null);
        Assert.Equal(data, read["x"].Data.ToArray());
    }

    [Theory]
    [InlineData("FP16", "003C")]
    [InlineData("FP32", "0000C07F")]
    [InlineData("FP64", "000000000000F07F")]
    public void What_JSON_cannot_carry_is_refused(string datatype, string hex) =>
        Assert.Throws<NotSupportedException>(() => InferBody.Write(new InferCall("m", [new("x", datatype, [1], Convert.FromHexString(hex))]) { Binary = false }));

    [Theory]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("{\"model_name\":\"m\",\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1]}]}", null)]
    [InlineData("{\"model_name\":\"m\",\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1],\"parameters\":{\"binary_data_size\":4}}]}", null)]
    [InlineData("{\"model_name\":\"m\",\"outputs\":[]}", 1000)]
    public void A_damaged_answer_is_not_taken_for_a_prediction(string body, int? length) =>
        Assert.ThrowsAny<Exception>(() => InferBody.Read(Encoding.UTF8.GetBytes(body), length));
}
