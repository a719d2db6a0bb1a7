using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Imaging;
using Slipway.Pipelines.Running;
using Slipway.Pipelines.Tensors;

namespace Slipway.Pipelines.Transforms;

/// <summary>Decodes image files and brings them to one size. The size of each is looked at, and its memory counted, before its pixels are touched.</summary>
internal sealed class DecodeImage : StepAction
{
    // So that no place in an image is beyond 31 bits.
    private const long MostPixels = 1L << 28;

    private readonly DecodeImageBody _body;

    [SetsRequiredMembers]
    public DecodeImage(DecodeImageBody body, TensorSignature type)
    {
        _body = body;
        if (type.DataType != TensorDataType.String || type.IsRankUnknown || type.Shape.Rank is < 1 or > 2 || (type.Shape.Rank == 2 && type.Shape[1] is not 1))
        {
            throw Transform.Wrong($"image files are expected, BYTES [-1] or [-1,1], and {type.DataType.ToName()}{(type.IsRankUnknown ? "" : type.Shape)} is given");
        }

        if (body.Channels is not (1 or 3))
        {
            throw Transform.Wrong("'channels' is 3 (red, green, blue) or 1 (grey)");
        }

        if (body.MaxPixels is < 1 or > MostPixels)
        {
            throw Transform.Wrong($"'maxPixels' is expected from 1 to {MostPixels}");
        }

        if (body.Sizing is { } sizing)
        {
            Images.Require(sizing);
        }

        Inputs = [];
        Outputs = [new TensorSignature(StepBody.Output, body.Sizing is { Bilinear: true } ? TensorDataType.Float32 : TensorDataType.UInt8, Shape(type.Shape[0], body.Sizing?.Height ?? -1, body.Sizing?.Width ?? -1))];
    }

    /// <inheritdoc/>
    public override ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        Tensor input = call.Inputs[0];
        (int Start, int Length)[] files = StringElements.Locate(input);
        RequestMemory memory = call.Pipeline.Memory;
        CountedBuffer? buffer = null;
        (int height, int width) = (_body.Sizing?.Height ?? 0, _body.Sizing?.Width ?? 0);
        try
        {
            for (int i = 0; i < files.Length; i++)
            {
                ReadOnlyMemory<byte> file = input.Data.Slice(files[i].Start, files[i].Length);
                try
                {
                    ReadOnlyMemory<byte> bytes = ImageReader.Unwrap(file);
                    ImageHeader header = Measure(bytes);
                    (height, width) = i == 0 && _body.Sizing is null ? (header.Height, header.Width) : (height, width);
                    if (_body.Sizing is null && (height, width) != (header.Height, header.Width))
                    {
                        throw Transform.Unfit($"it has {header.Width}×{header.Height} pixels and the first one {width}×{height}: give them a size with 'height' and 'width'");
                    }

                    buffer ??= memory.Rent(BytesOf(files.Length, height, width));
                    Decode(bytes, header, memory, buffer.Memory, i, cancellationToken);
                }
                catch (SlipwayException failure)
                {
                    throw new SlipwayException(failure.Code, $"image {i}: {failure.Message}", failure);
                }
            }

            // Without files there is nothing to tell a size.
            buffer ??= memory.Rent(0);
            return new(StepResult.Owning(buffer.ToTensor(StepBody.Output, Outputs[0].DataType, Shape(files.Length, height, width))));
        }
        catch
        {
            buffer?.Dispose();
            throw;
        }
    }

    private ImageHeader Measure(ReadOnlyMemory<byte> file)
    {
        ImageHeader header = ImageReader.Measure(file.Span);
        return header.Count <= _body.MaxPixels
            ? header
            : throw new SlipwayException(ErrorCode.PayloadTooLarge, $"it has {header.Width}×{header.Height} pixels, and {_body.MaxPixels} are allowed (maxPixels)");
    }

    private void Decode(ReadOnlyMemory<byte> file, ImageHeader header, RequestMemory memory, Memory<byte> into, int index, CancellationToken cancellationToken)
    {
        // Beside the decoder's own: pixels in another number of channels, and the lines between the two passes of a mix.
        long work = header.WorkBytes + (header.Channels == _body.Channels ? 0 : header.Count * _body.Channels) + (_body.Sizing is { Bilinear: true } sizing ? (long)header.Height * sizing.Width * _body.Channels * sizeof(double) : 0);
        memory.Charge(work);
        try
        {
            Pixels image = ImageReader.Decode(file, cancellationToken).With(_body.Channels);
            if (_body.Sizing is { Bilinear: true })
            {
                Span<float> all = MemoryMarshal.Cast<byte, float>(into.Span);
                float[] mixed = new float[_body.Sizing.Height * _body.Sizing.Width * _body.Channels];
                new Resampler(_body.Sizing, image.Height, image.Width).Mix<byte>(image.Samples, _body.Channels, mixed);
                Put<float>(mixed, all.Slice(index * mixed.Length, mixed.Length));
                return;
            }

            byte[] samples = image.Samples;
            if (_body.Sizing is { } size)
            {
                samples = new byte[size.Height * size.Width * _body.Channels];
                new Resampler(size, image.Height, image.Width).Pick<byte>(image.Samples, _body.Channels, samples);
            }

            Put<byte>(samples, into.Span.Slice(index * samples.Length, samples.Length));
        }
        finally
        {
            memory.Release(work);
        }
    }

    // Channels side by side, or one behind the other.
    private void Put<T>(ReadOnlySpan<T> samples, Span<T> into)
    {
        if (!_body.ChannelsFirst || _body.Channels == 1)
        {
            samples.CopyTo(into);
            return;
        }

        int pixels = samples.Length / _body.Channels;
        for (int channel = 0; channel < _body.Channels; channel++)
        {
            Span<T> plane = into.Slice(channel * pixels, pixels);
            for (int i = 0; i < pixels; i++)
            {
                plane[i] = samples[(i * _body.Channels) + channel];
            }
        }
    }

    private long BytesOf(long files, long height, long width) => Shape(files, height, width).TryGetElementCount(out long count) && count <= int.MaxValue
        ? Outputs[0].DataType.ByteLength(count)
        : throw new SlipwayException(ErrorCode.PayloadTooLarge, $"{files} images of {width}×{height} pixels are too many at once");

    private TensorShape Shape(long files, long height, long width) => _body.ChannelsFirst
        ? new TensorShape(files, _body.Channels, height, width)
        : new TensorShape(files, height, width, _body.Channels);
}
