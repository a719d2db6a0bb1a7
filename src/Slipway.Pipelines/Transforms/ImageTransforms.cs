using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>Another size for decoded images. Pixels are taken at their centres, places outside at the edge.</summary>
internal sealed class Resize : Transform
{
    private const int MaxSize = 16_384;

    private readonly ResizeBody _body;

    [SetsRequiredMembers]
    public Resize(ResizeBody body, TensorSignature type)
    {
        _body = body;
        Images.Require(type);
        if (body.Height is < 1 or > MaxSize || body.Width is < 1 or > MaxSize)
        {
            throw Wrong($"a height and a width from 1 to {MaxSize} are expected");
        }

        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = body.Bilinear ? TensorDataType.Float32 : type.DataType, Shape = Shape(type.Shape) }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        (int height, int width) = _body.ChannelsFirst ? ((int)input.Shape[2], (int)input.Shape[3]) : ((int)input.Shape[1], (int)input.Shape[2]);
        if (height == 0 || width == 0)
        {
            throw Unfit($"an image of shape {input.Shape} has no pixels");
        }

        return _body.Bilinear ? Mix(input, height, width, memory) : StepResult.Owning(Segments.Join(inputs, Nearest(input, height, width), Shape(input.Shape), memory));
    }

    private IEnumerable<Segment> Nearest(Tensor input, int height, int width)
    {
        (long planes, int channels) = Planes(input);
        for (long plane = 0; plane < planes; plane++)
        {
            for (int y = 0; y < _body.Height; y++)
            {
                long line = (plane * height) + Math.Min(height - 1, (int)((y + 0.5) * height / _body.Height));
                for (int x = 0; x < _body.Width; x++)
                {
                    yield return new Segment(0, ((line * width) + Math.Min(width - 1, (int)((x + 0.5) * width / _body.Width))) * channels, channels);
                }
            }
        }
    }

    private StepResult Mix(Tensor input, int height, int width, RequestMemory memory)
    {
        double[] pixels = NumericTypes.Read(input);
        (long planes, int channels) = Planes(input);
        double[] result = new double[planes * _body.Height * _body.Width * channels];
        (int Low, int High, double Share)[] lines = Neighbours(height, _body.Height);
        (int Low, int High, double Share)[] places = Neighbours(width, _body.Width);
        int at = 0;
        for (long plane = 0; plane < planes; plane++)
        {
            long first = plane * height * width * channels;
            foreach ((int top, int bottom, double down) in lines)
            {
                foreach ((int left, int right, double across) in places)
                {
                    for (int channel = 0; channel < channels; channel++)
                    {
                        double upper = Between(Pixel(top, left, channel), Pixel(top, right, channel), across);
                        double lower = Between(Pixel(bottom, left, channel), Pixel(bottom, right, channel), across);
                        result[at++] = Between(upper, lower, down);
                    }
                }
            }

            double Pixel(int y, int x, int channel) => pixels[first + ((((long)y * width) + x) * channels) + channel];
        }

        return Numbers.Result(result, TensorDataType.Float32, Shape(input.Shape), memory);
    }

    private static double Between(double a, double b, double share) => a + ((b - a) * share);

    private static (int Low, int High, double Share)[] Neighbours(int from, int to)
    {
        (int, int, double)[] neighbours = new (int, int, double)[to];
        for (int i = 0; i < to; i++)
        {
            double centre = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
            int low = (int)centre;
            neighbours[i] = (low, Math.Min(from - 1, low + 1), centre - low);
        }

        return neighbours;
    }

    // With channels first every channel is a plane of its own.
    private (long Planes, int Channels) Planes(Tensor input) => _body.ChannelsFirst ? (input.Shape[0] * input.Shape[1], 1) : (input.Shape[0], (int)input.Shape[3]);

    private TensorShape Shape(TensorShape shape) => _body.ChannelsFirst
        ? new TensorShape(shape[0], shape[1], _body.Height, _body.Width)
        : new TensorShape(shape[0], _body.Height, _body.Width, shape[3]);
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
    /// <summary>Refuses what is no batch of decoded images.</summary>
    public static void Require(TensorSignature type)
    {
        Numbers.Require(type);
        if (type.IsRankUnknown || type.Shape.Rank != 4)
        {
            throw Transform.Wrong($"decoded images are expected, [N,H,W,C] or [N,C,H,W], and {type.Shape} is given");
        }
    }
}
