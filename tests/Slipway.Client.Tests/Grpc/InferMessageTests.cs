using Slipway.Client.Grpc;
using Slipway.Client.Inference;

namespace Slipway.Client.Tests.Grpc;

public sealed class InferMessageTests
{
    [Fact]
    public void A_request_is_encoded_as_the_protocol_says()
    {
        // model_name 1 "m", inputs 5 { name 1 "x", datatype 2 "FP32", shape 3 packed [1,2] }, raw_input_contents 7 of eight bytes.
        byte[] message = InferMessage.Write(new InferCall("m", [ClientTensor.Of("x", [1, 2], [1f, 2f])]));
        Assert.Equal("0A016D" + "2A0D" + "0A0178" + "120446503332" + "1A020102" + "3A08" + "0000803F00000040", Convert.ToHexString(message));
    }

    [Fact]
    public void An_answer_is_decoded_whether_its_shape_is_packed_or_not()
    {
        InferResult packed = InferMessage.Read(Convert.FromHexString("0A016D" + "120131" + "2A0D" + "0A0179" + "120446503332" + "1A020102" + "3208" + "0000803F00000040"));
        InferResult plain = InferMessage.Read(Convert.FromHexString("0A016D" + "120131" + "2A0D" + "0A0179" + "120446503332" + "18011802" + "3208" + "0000803F00000040"));
        Assert.All((InferResult[])[packed, plain], result =>
        {
            Assert.Equal(("m", "1"), (result.Model, result.Version));
            Assert.Equal([1, 2], result["y"].Shape);
            Assert.Equal([1f, 2f], new[] { result["y"][0], result["y"][1] }.Cast<float>());
        });
    }

    [Theory]
    [InlineData("0A")]
    [InlineData("0AFF")]
    [InlineData("0A05AB")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("0B")]
    [InlineData("2A030A0179")]
    public void A_damaged_answer_is_refused(string hex) => Assert.Throws<InvalidDataException>(() => InferMessage.Read(Convert.FromHexString(hex)));
}
