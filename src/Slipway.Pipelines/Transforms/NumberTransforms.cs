using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>Subtracts and divides.</summary>
internal sealed class Scale : Transform
{
    private readonly double[] _subtract;
    private readonly double[] _divide;

    [SetsRequiredMembers]
    public Scale(ScaleBody body, TensorSignature type)
    {
        (_subtract, _divide) = ([.. body.Subtract], [.. body.Divide]);
        Numbers.Require(type);
        if (_subtract.Length == 0 || _subtract.Length != _divide.Length || _divide.Any(static figure => figure == 0 || !double.IsFinite(figure)))
        {
            throw Wrong("as many figures to divide by as to subtract are expected, none of them 0");
        }

        long width = type.IsRankUnknown ? -1 : type.Shape.Rank == 0 ? 1 : type.Shape[type.Shape.Rank - 1];
        if (_subtract.Length > 1 && width >= 0 && width != _subtract.Length)
        {
            throw Wrong($"{_subtract.Length} figures are given, and the last dimension of {type.Shape} has {width}");
        }

        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = Numbers.Result(type.DataType) }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        int figures = _subtract.Length;
        if (figures > 1 && (input.Shape.Rank == 0 || input.Shape[input.Shape.Rank - 1] != figures))
        {
            throw Unfit($"{figures} figures are given, and the shape is {input.Shape}");
        }

        double[] numbers = NumericTypes.Read(input);
        for (int i = 0; i < numbers.Length; i++)
        {
            int figure = figures == 1 ? 0 : i % figures;
            numbers[i] = (numbers[i] - _subtract[figure]) / _divide[figure];
        }

        return Numbers.Result(numbers, Outputs[0].DataType, input.Shape, memory);
    }
}

/// <summary>Whether numbers are above a limit.</summary>
internal sealed class Threshold : Transform
{
    private readonly double _above;

    [SetsRequiredMembers]
    public Threshold(ThresholdBody body, TensorSignature type)
    {
        _above = body.Above;
        Numbers.Require(type);
        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = TensorDataType.Bool }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        double[] numbers = NumericTypes.Read(inputs[0]);
        CountedBuffer buffer = memory.Rent(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            buffer.Span[i] = numbers[i] > _above ? (byte)1 : (byte)0;
        }

        return StepResult.Owning(buffer.ToTensor(StepBody.Output, TensorDataType.Bool, inputs[0].Shape));
    }
}

/// <summary>The place of the largest number.</summary>
internal sealed class ArgMax : Transform
{
    [SetsRequiredMembers]
    public ArgMax(TensorSignature type)
    {
        Numbers.Require(type);
        Inputs = [];
        Outputs = [new TensorSignature(StepBody.Output, TensorDataType.Int64, Numbers.WithoutLast(type))];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        double[] numbers = NumericTypes.Read(input);
        int width = Numbers.LastSize(input);
        CountedBuffer buffer = memory.Rent((long)numbers.Length / width * sizeof(long));
        Span<long> places = MemoryMarshal.Cast<byte, long>(buffer.Span);
        for (int row = 0; row < places.Length; row++)
        {
            places[row] = Best(numbers.AsSpan(row * width, width));
        }

        return StepResult.Owning(buffer.ToTensor(StepBody.Output, TensorDataType.Int64, new TensorShape(input.Shape.Dimensions[..^1].ToArray())));
    }

    private static int Best(ReadOnlySpan<double> numbers)
    {
        int best = 0;
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] > numbers[best] || (double.IsNaN(numbers[best]) && !double.IsNaN(numbers[i])))
            {
                best = i;
            }
        }

        return best;
    }
}

/// <summary>The largest numbers and their places.</summary>
internal sealed class TopK : Transform
{
    private readonly int _count;

    [SetsRequiredMembers]
    public TopK(TopKBody body, TensorSignature type)
    {
        _count = body.Count;
        Numbers.Require(type);
        long[] sizes = [.. Numbers.WithoutLast(type).Dimensions, _count];
        if (_count < 1 || (type.Shape[type.Shape.Rank - 1] is >= 0 and var width && _count > width))
        {
            throw Wrong($"1 to {type.Shape[type.Shape.Rank - 1]} of the last dimension of {type.Shape} are expected, not {_count}");
        }

        Inputs = [];
        Outputs = [new TensorSignature("values", type.DataType, new TensorShape(sizes)), new TensorSignature("indices", TensorDataType.Int64, new TensorShape(sizes))];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        int width = Numbers.LastSize(input);
        if (_count > width)
        {
            throw Unfit($"{_count} of the last dimension of {input.Shape} are asked for");
        }

        double[] numbers = NumericTypes.Read(input);
        int rows = numbers.Length / width;
        CountedBuffer indices = memory.Rent((long)rows * _count * sizeof(long));
        List<Segment> pieces = [];
        for (int row = 0; row < rows; row++)
        {
            // Equal ones keep their order; NaN is the smallest.
            int start = row * width;
            int[] places = [.. Enumerable.Range(0, width).OrderByDescending(place => numbers[start + place])];
            for (int i = 0; i < _count; i++)
            {
                MemoryMarshal.Cast<byte, long>(indices.Span)[(row * _count) + i] = places[i];
                pieces.Add(new Segment(0, start + places[i], 1));
            }
        }

        TensorShape shape = new([.. input.Shape.Dimensions[..^1], _count]);
        Tensor values = Segments.Join(inputs, pieces, shape, memory);
        return StepResult.Owning(values, indices.ToTensor("indices", TensorDataType.Int64, shape));
    }
}

/// <summary>What transforms of numbers share.</summary>
internal static class Numbers
{
    /// <summary>Refuses what is no number.</summary>
    public static void Require(TensorSignature type)
    {
        if (!NumericTypes.Has(type.DataType))
        {
            throw Transform.Wrong($"numbers are expected, and {type.DataType.ToName()} is given: put a 'cast' step before");
        }
    }

    /// <summary>FP64 for FP64, FP32 otherwise.</summary>
    public static TensorDataType Result(TensorDataType type) => type == TensorDataType.Float64 ? TensorDataType.Float64 : TensorDataType.Float32;

    /// <summary>Numbers as the one output of a step.</summary>
    public static StepResult Result(ReadOnlySpan<double> numbers, TensorDataType type, TensorShape shape, RequestMemory memory)
    {
        CountedBuffer buffer = memory.Rent(type.ByteLength(numbers.Length));
        NumericTypes.Write(numbers, type, buffer.Span);
        return StepResult.Owning(buffer.ToTensor(StepBody.Output, type, shape));
    }

    /// <summary>A shape without its last dimension, which must be there.</summary>
    public static TensorShape WithoutLast(TensorSignature type) => type.IsRankUnknown || type.Shape.Rank == 0
        ? throw Transform.Wrong("a value with at least one dimension is expected")
        : new TensorShape(type.Shape.Dimensions[..^1].ToArray());

    /// <summary>Size of the last dimension.</summary>
    public static int LastSize(Tensor tensor) => tensor.Shape.Rank > 0 && tensor.Shape[tensor.Shape.Rank - 1] is > 0 and var size
        ? (int)size
        : throw Transform.Unfit($"shape {tensor.Shape} has nothing in its last dimension");
}
