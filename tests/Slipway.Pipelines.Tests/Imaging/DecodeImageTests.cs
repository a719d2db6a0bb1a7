using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Imaging;
using Slipway.TestKit.Fakes;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Imaging;

public sealed class DecodeImageTests
{
    private static byte[] Jpeg => SampleImages.All["jpeg-420"].File;

    private static byte[] Png => SampleImages.All["png-rgb"].File;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_and_base64_texts_become_a_batch_in_either_layout(bool channelsFirst)
    {
        byte[] base64 = System.Text.Encoding.UTF8.GetBytes(Convert.ToBase64String(Jpeg));
        Tensor images = await OneAsync(new DecodeImageBody("f", 3, channelsFirst, null), Jpeg, base64, Png);
        Assert.Equal((TensorDataType.UInt8, channelsFirst ? new TensorShape(3, 3, 29, 37) : new TensorShape(3, 29, 37, 3)), (images.DataType, images.Shape));
        Pixels expected = ImageReader.Decode(Jpeg, CancellationToken.None);
        byte[] samples = images.Data.ToArray();
        Assert.Equal(samples[..(37 * 29 * 3)], samples[(37 * 29 * 3)..(2 * 37 * 29 * 3)]);
        for (int pixel = 0; pixel < 37 * 29; pixel++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                Assert.Equal(expected.Samples[(3 * pixel) + channel], samples[channelsFirst ? (channel * 37 * 29) + pixel : (3 * pixel) + channel]);
            }
        }
    }

    [Fact]
    public async Task Files_of_different_sizes_come_to_one()
    {
        Tensor images = await OneAsync(new DecodeImageBody("f", 1, true, new ImageSizing(8, 6) { Fit = ImageFit.Crop }), Jpeg, SampleImages.All["jpeg-420-65x5"].File, SampleImages.All["png-1x1-interlaced"].File);
        Assert.Equal((TensorDataType.Float32, new TensorShape(3, 1, 8, 6)), (images.DataType, images.Shape));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => OneAsync(new DecodeImageBody("f", 3, true, null), Jpeg, SampleImages.All["jpeg-420-65x5"].File));
        Assert.Contains("image 1: it has 65×5 pixels and the first one 37×29", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_decode_is_an_empty_batch() =>
        Assert.Equal(new TensorShape(0, 3, 8, 6), (await OneAsync(new DecodeImageBody("f", 3, true, new ImageSizing(8, 6)))).Shape);

    [Fact]
    public async Task More_pixels_or_memory_than_allowed_are_refused_before_they_are_decoded()
    {
        SlipwayException many = await Assert.ThrowsAsync<SlipwayException>(() => OneAsync(new DecodeImageBody("f", 3, true, null) { MaxPixels = (37 * 29) - 1 }, Jpeg));
        Assert.Equal(ErrorCode.PayloadTooLarge, many.Code);
        Assert.Contains("image 0: it has 37×29 pixels, and 1072 are allowed (maxPixels)", many.Message, StringComparison.Ordinal);

        PipelineDefinition pipeline = Of([new TensorSignature("f", TensorDataType.String, new TensorShape(-1))], [Step("s", new DecodeImageBody("f", 3, true, null))], ("output", "s"));
        using PipelineRunner small = new(pipeline with { MaxBytes = 8_000 }, new FakeInference());
        SlipwayException large = await Assert.ThrowsAsync<SlipwayException>(() => small.AskAsync(TestTensors.Bytes("f", [1], Jpeg)));
        Assert.Equal(ErrorCode.PayloadTooLarge, large.Code);
        Assert.Contains("maxBytes", large.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_is_the_callers_fault_and_named_by_its_place()
    {
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => OneAsync(new DecodeImageBody("f", 3, true, null), Jpeg, Jpeg[..200]));
        Assert.Equal(ErrorCode.InvalidRequest, failure.Code);
        Assert.StartsWith("pipeline 'p', step 's': image 1: not a readable image: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_never_fit_is_refused_by_its_key()
    {
        foreach (StepBody body in new StepBody[]
        {
            new DecodeImageBody("x", 3, true, null), new DecodeImageBody("f", 2, true, null), new DecodeImageBody("f", 3, true, null) { MaxPixels = 0 },
            new DecodeImageBody("f", 3, true, new ImageSizing(0, 1)), new DecodeImageBody("f", 3, true, new ImageSizing(4, 4) { ShorterSide = 8 }),
            new DecodeImageBody("f", 3, true, new ImageSizing(4, 4) { Fit = ImageFit.Crop, ShorterSide = 3 }), new DecodeImageBody("f", 3, true, new ImageSizing(4, 4) { Fill = 1 }),
            new DecodeImageBody("f", 3, true, new ImageSizing(4, 4) { Bilinear = false, Antialias = true }), new DecodeImageBody("w", 3, true, null),
        })
        {
            TensorSignature[] inputs = [Floats("x", -1), new TensorSignature("f", TensorDataType.String, new TensorShape(-1)), new TensorSignature("w", TensorDataType.String, new TensorShape(-1, 2))];
            Assert.Equal("steps.s.decodeImage", Assert.Single(Of(inputs, [Step("s", body)], ("out", "x")).Check()).Key);
        }
    }

    private static async Task<Tensor> OneAsync(StepBody body, params byte[][] files) =>
        Assert.Single((await PipelineRunner.RunAsync(body, [TestTensors.Bytes("f", [files.Length], files)])).Outputs);
}
