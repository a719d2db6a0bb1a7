using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;
using Slipway.Pipelines.Imaging;

namespace Slipway.Pipelines.Tests.Imaging;

public sealed class ImageReaderTests
{
    public static TheoryData<string> Names => [.. SampleImages.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_gives_the_samples_of_the_reference_decoder(string name)
    {
        SampleImage sample = SampleImages.All[name];
        ImageHeader header = ImageReader.Measure(sample.File);
        Assert.Equal((sample.Width, sample.Height), (header.Width, header.Height));
        Pixels pixels = ImageReader.Decode(sample.File, CancellationToken.None);
        Assert.Equal((sample.Width, sample.Height, sample.Channels), (pixels.Width, pixels.Height, pixels.Channels));
        Assert.Equal(sample.Sha256, Convert.ToHexStringLower(SHA256.HashData(pixels.Samples)));
    }

    [Theory]
    [InlineData("jpeg-420")]
    [InlineData("jpeg-420-progressive")]
    [InlineData("jpeg-restart")]
    [InlineData("png-2-8-interlaced")]
    [InlineData("png-palette-4")]
    public void A_file_that_ends_too_early_is_refused_wherever_it_ends(string name)
    {
        byte[] file = SampleImages.All[name].File;
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => Read(file.AsMemory(0, length))).Code);
        }
    }

    [Theory]
    [InlineData("jpeg-420")]
    [InlineData("jpeg-420-progressive")]
    [InlineData("jpeg-separate-scans")]
    public void Bytes_that_are_left_behind_a_scan_change_nothing(string name)
    {
        byte[] file = SampleImages.All[name].File;
        byte[] longer = [.. file.AsSpan(0, file.Length - 2), 0x00, 0x12, 0xFF, 0x00, .. new byte[40], 0xFF, 0xFF, 0xD9, 0x7F];
        Assert.Equal(ImageReader.Decode(file, CancellationToken.None).Samples, ImageReader.Decode(longer, CancellationToken.None).Samples);
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_it_is_decoded_or_refused()
    {
        Random random = new(20_261_121);
        (string Name, byte[] File)[] samples = [.. SampleImages.All.Where(static pair => pair.Value.File.Length < 2000).Select(static pair => (pair.Key, pair.Value.File))];
        int refused = 0;
        for (int i = 0; i < 6_000; i++)
        {
            (string name, byte[] original) = samples[random.Next(samples.Length)];
            byte[] file = [.. original];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                // The signature stays, so that the change is looked at.
                file[random.Next(2, file.Length)] = (byte)(random.Next(3) == 0 ? random.Next(2) * 255 : random.Next(256));
            }

            if (name.StartsWith("png", StringComparison.Ordinal))
            {
                Seal(file);
            }

            try
            {
                Read(file);
            }
            catch (SlipwayException failure)
            {
                Assert.True(failure.Code is ErrorCode.InvalidRequest or ErrorCode.PayloadTooLarge, $"change {i} of {name}: {failure.Code}");
                refused++;
            }
            catch (Exception fault)
            {
                Assert.Fail($"change {i} of {name}: {fault}");
            }
        }

        Assert.InRange(refused, 1_000, 5_999);
    }

    [Fact]
    public void A_file_that_claims_to_be_huge_is_measured_and_allocates_nothing()
    {
        byte[] png = [.. SampleImages.All["png-rgb"].File];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 1 << 24);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 1 << 24);
        Seal(png);
        Assert.Equal(1L << 48, ImageReader.Measure(png).Count);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), (1 << 24) + 1);
        Seal(png);
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => ImageReader.Measure(png)).Code);

        byte[] jpeg = [.. SampleImages.All["jpeg-420-progressive"].File];
        int head = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        jpeg.AsSpan(head + 5, 4).Fill(0xFF);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageHeader header = ImageReader.Measure(jpeg);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 10);
        Assert.Equal((65_535L * 65_535, true), (header.Count, header.WorkBytes > 10L << 30));
    }

    [Fact]
    public void Compressed_pixels_that_never_end_are_read_as_far_as_the_size_goes()
    {
        // 64 MiB of zeros in some 64 KiB, for an image of 37×29.
        using MemoryStream zeros = new();
        using (System.IO.Compression.ZLibStream compressed = new(zeros, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 64; i++)
            {
                compressed.Write(megabyte);
            }
        }

        byte[] file = [.. SampleImages.All["png-rgb"].File.AsSpan(0, 33), .. Chunk("IDAT", zeros.ToArray()), .. Chunk("IEND", [])];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.All(ImageReader.Decode(file, CancellationToken.None).Samples, static sample => Assert.Equal(0, sample));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Fact]
    public void More_scans_than_anybody_needs_are_refused()
    {
        byte[] file = SampleImages.All["jpeg-420-progressive"].File;
        int first = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        int second = first + 2 + file.AsSpan(first + 2).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]);
        byte[] scan = file[first..second];
        byte[] many = [.. file.AsSpan(0, first), .. Enumerable.Repeat(scan, 101).SelectMany(static bytes => bytes), .. file.AsSpan(second)];
        Assert.Contains("more than 100 scans", Assert.Throws<SlipwayException>(() => Read(many)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIF89a...........", "GIF")]
    [InlineData("RIFF....WEBPVP8 ", "WebP")]
    [InlineData("BM..............", "BMP")]
    [InlineData("<svg xmlns=''/>", "SVG")]
    [InlineData("", "PNG or JPEG is expected")]
    [InlineData("hello", "PNG or JPEG is expected")]
    public void What_is_no_PNG_or_JPEG_is_named(string text, string expected)
    {
        SlipwayException failure = Assert.Throws<SlipwayException>(() => Read(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(ErrorCode.InvalidRequest, failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xC9, "arithmetic")]
    [InlineData(0xC3, "lossless")]
    [InlineData(0xC5, "hierarchical")]
    public void Kinds_of_JPEG_that_are_not_decoded_are_named(byte marker, string expected)
    {
        byte[] file = [.. SampleImages.All["jpeg-420"].File];
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 1] = marker;
        Assert.Contains(expected, Assert.Throws<SlipwayException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Base64_is_unwrapped_and_broken_base64_refused()
    {
        foreach (string name in new[] { "jpeg-420", "png-rgb" })
        {
            byte[] file = SampleImages.All[name].File;
            string text = Convert.ToBase64String(file);
            Assert.Equal(file, ImageReader.Unwrap(Encoding.UTF8.GetBytes(text)).ToArray());
            Assert.Throws<SlipwayException>(() => ImageReader.Unwrap(Encoding.UTF8.GetBytes(text[..^1] + "!")));
        }
    }

    [Fact]
    public void Grey_of_a_colour_and_colour_of_a_grey_are_as_defined()
    {
        Pixels colours = new(3, 1, 3, [255, 0, 0, 0, 255, 0, 10, 20, 30]);
        Assert.Equal([76, 150, 18], colours.With(1).Samples);
        Assert.Equal([7, 7, 7, 9, 9, 9], new Pixels(2, 1, 1, [7, 9]).With(3).Samples);
    }

    private static void Read(ReadOnlyMemory<byte> file)
    {
        if (ImageReader.Measure(file.Span).Count <= 1 << 22)
        {
            ImageReader.Decode(file, CancellationToken.None);
        }
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.Of(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    // Makes the check sums right again, as whoever means harm would.
    private static void Seal(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Crc32.Of(file.AsSpan(at + 4, (int)length + 4)));
            at += 12 + (int)length;
        }
    }
}
