using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Imaging;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>Another size for decoded images.</summary>
internal sealed class Resize : Transform
{
    private readonly ResizeBody _body;

    [SetsRequiredMembers]
    public Resize(ResizeBody body, TensorSignature type)
    {
        _body = body;
        Images.Require(type);
        Images.Require(body.Sizing);
        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = body.Sizing.Bilinear ? TensorDataType.Float32 : type.DataType, Shape = Shape(type.Shape) }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        (int height, int width) = _body.ChannelsFirst ? ((int)input.Shape[2], (int)input.Shape[3]) : ((int)input.Shape[1], (int)input.Shape[2]);
        if (height == 0 || width == 0)
        {
            throw Unfit($"an image of shape {input.Shape} has no pixels");
        }

        TensorShape shape = Shape(input.Shape);
        TensorDataType type = Outputs[0].DataType;
        CountedBuffer buffer = memory.Rent(shape.TryGetElementCount(out long count) ? type.ByteLength(count) : throw Unfit($"shape {shape} is too large"));
        NumericTypes.Dispatch<Work, bool>(input.DataType, new Work(this, input, height, width, buffer.Memory));
        return StepResult.Owning(buffer.ToTensor(StepBody.Output, type, shape));
    }

    private TensorShape Shape(TensorShape shape) => _body.ChannelsFirst
        ? new TensorShape(shape[0], shape[1], _body.Sizing.Height, _body.Sizing.Width)
        : new TensorShape(shape[0], _body.Sizing.Height, _body.Sizing.Width, shape[3]);

    private readonly struct Work(Resize resize, Tensor input, int height, int width, Memory<byte> into) : INumericVisitor<bool>
    {
        public bool Visit<T>()
            where T : unmanaged, INumber<T>
        {
            // With channels first every channel is a plane of its own.
            ImageSizing sizing = resize._body.Sizing;
            (int planes, int channels) = resize._body.ChannelsFirst ? ((int)(input.Shape[0] * input.Shape[1]), 1) : ((int)input.Shape[0], (int)input.Shape[3]);
            Resampler resampler = new(sizing, height, width);
            ReadOnlySpan<T> pixels = MemoryMarshal.Cast<byte, T>(input.Data.Span);
            int size = height * width * channels;
            int resized = sizing.Height * sizing.Width * channels;
            for (int plane = 0; plane < planes; plane++)
            {
                ReadOnlySpan<T> image = pixels.Slice(plane * size, size);
                if (sizing.Bilinear)
                {
                    resampler.Mix(image, channels, MemoryMarshal.Cast<byte, float>(into.Span).Slice(plane * resized, resized));
                }
                else
                {
                    resampler.Pick(image, channels, MemoryMarshal.Cast<byte, T>(into.Span).Slice(plane * resized, resized));
                }
            }

            return true;
        }
    }
}

/// <summary>Scales, subtracts a mean and divides by a deviation, channel by channel.</summary>
internal sealed class Normalize : Transform
{
    private readonly NormalizeBody _body;

    [SetsRequiredMembers]
    public Normalize(NormalizeBody body, TensorSignature type)
    {
        _body = body;
        Images.Require(type);
        long channels = type.Shape[body.ChannelsFirst ? 1 : 3];
        if (body.Mean.Count == 0 || body.Mean.Count != body.Deviation.Count || body.Deviation.Any(static figure => figure == 0) || (body.Mean.Count > 1 && channels >= 0 && channels != body.Mean.Count))
        {
            throw Wrong($"one mean and one deviation other than 0 are expected, or as many as {type.Shape} has channels");
        }

        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = TensorDataType.Float32 }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        int axis = _body.ChannelsFirst ? 1 : 3;
        long channels = input.Shape[axis];
        if (_body.Mean.Count > 1 && channels != _body.Mean.Count)
        {
            throw Unfit($"{_body.Mean.Count} figures are given, and {input.Shape} has {channels} channels");
        }

        long inner = Axes.CountBehind(input.Shape, axis);
        double[] pixels = NumericTypes.Read(input);
        for (int i = 0; i < pixels.Length; i++)
        {
            int figure = _body.Mean.Count == 1 ? 0 : (int)(i / inner % channels);
            pixels[i] = ((pixels[i] * _body.Scale) - _body.Mean[figure]) / _body.Deviation[figure];
        }

        return Numbers.Result(pixels, TensorDataType.Float32, input.Shape, memory);
    }
}

/// <summary>What transforms of images share.</summary>
internal static class Images
{
    private const int MaxSide = 16_384;

    /// <summary>Refuses what is no batch of decoded images.</summary>
    public static void Require(TensorSignature type)
    {
        Numbers.Require(type);
        if (type.IsRankUnknown || type.Shape.Rank != 4)
        {
            throw Transform.Wrong($"decoded images are expected, [N,H,W,C] or [N,C,H,W], and {type.Shape} is given");
        }
    }

    /// <summary>Refuses sizes that can't be had.</summary>
    public static void Require(ImageSizing sizing)
    {
        if (sizing.Height is < 1 or > MaxSide || sizing.Width is < 1 or > MaxSide)
        {
            throw Transform.Wrong($"a height and a width from 1 to {MaxSide} are expected");
        }

        if (sizing.ShorterSide > 0 && (sizing.Fit != ImageFit.Crop || sizing.ShorterSide > MaxSide || sizing.ShorterSide < Math.Max(sizing.Height, sizing.Width)))
        {
            throw Transform.Wrong($"'shorterSide' goes with 'fit: crop', and is at least as large as height and width, at most {MaxSide}");
        }

        if (sizing.Antialias && !sizing.Bilinear)
        {
            throw Transform.Wrong("'antialias' goes with 'method: bilinear'");
        }

        if (!double.IsFinite(sizing.Fill) || (sizing.Fill != 0 && sizing.Fit != ImageFit.Pad))
        {
            throw Transform.Wrong("'fill' is a number and goes with 'fit: pad'");
        }
    }
}
