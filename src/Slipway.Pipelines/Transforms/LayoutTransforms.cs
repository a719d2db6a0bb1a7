using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>Other names over the same memory.</summary>
internal sealed class Rename : Transform
{
    [SetsRequiredMembers]
    public Rename(RenameBody body, IReadOnlyList<TensorSignature> types)
    {
        Inputs = [];
        Outputs = [.. types.Select((type, index) => type with { Name = body.Names[index] })];
    }

    public override bool IsView => true;

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory) =>
        new([.. inputs.Select((input, index) => new Tensor(Outputs[index].Name, input.DataType, input.Shape, input.Data))], null);
}

/// <summary>Another shape over the same memory.</summary>
internal sealed class Reshape : Transform
{
    private readonly long[] _shape;

    [SetsRequiredMembers]
    public Reshape(ReshapeBody body, TensorSignature type)
    {
        _shape = [.. body.Shape];
        if (_shape.Length > 16 || _shape.Any(static size => size < -1) || _shape.Count(static size => size == -1) > 1)
        {
            throw Wrong("a shape of at most 16 sizes is expected, no more than one of them -1");
        }

        if (!type.IsRankUnknown && type.Shape.TryGetElementCount(out long count) && Fit(count) is null)
        {
            throw Wrong($"{count} elements have not the shape [{string.Join(',', _shape)}]");
        }

        Inputs = [];
        Outputs = [new TensorSignature(StepBody.Output, type.DataType, new TensorShape(_shape))];
    }

    public override bool IsView => true;

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        long[] shape = Fit(input.ElementCount) ?? throw Unfit($"the elements of shape {input.Shape} have not the shape [{string.Join(',', _shape)}]");
        return new StepResult([new Tensor(StepBody.Output, input.DataType, new TensorShape(shape), input.Data)], null);
    }

    private long[]? Fit(long count)
    {
        int free = Array.IndexOf(_shape, -1);
        if (!new TensorShape([.. _shape.Select(static size => size < 0 ? 1 : size)]).TryGetElementCount(out long others))
        {
            return null;
        }

        if (free < 0)
        {
            return others == count ? _shape : null;
        }

        if (others == 0 || count % others != 0)
        {
            return null;
        }

        long[] shape = [.. _shape];
        shape[free] = count / others;
        return shape;
    }
}

/// <summary>Some columns.</summary>
internal sealed class Select : Transform
{
    private readonly int[] _columns;

    [SetsRequiredMembers]
    public Select(SelectBody body, TensorSignature type)
    {
        _columns = [.. body.Columns];
        if (_columns.Length == 0 || _columns.Any(static column => column < 0))
        {
            throw Wrong("columns from 0 on are expected");
        }

        if (type.IsRankUnknown || type.Shape.Rank < 2)
        {
            throw Wrong($"a value with columns is expected, [N,K], and {type.Shape} is given");
        }

        if (type.Shape[1] >= 0 && _columns.Max() >= type.Shape[1])
        {
            throw Wrong($"column {_columns.Max()} lies outside of {type.Shape}, whose columns are 0 to {type.Shape[1] - 1}");
        }

        Inputs = [];
        Outputs = [new TensorSignature(StepBody.Output, type.DataType, Shape(type.Shape))];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        long width = input.Shape[1];
        if (_columns.Max() >= width)
        {
            throw Unfit($"column {_columns.Max()} lies outside of {input.Shape}");
        }

        long inner = Axes.CountBehind(input.Shape, 1);
        return StepResult.Owning(Segments.Join(inputs, Pieces(input.Shape[0], width, inner), Shape(input.Shape), memory));
    }

    private IEnumerable<Segment> Pieces(long rows, long width, long inner)
    {
        for (long row = 0; row < rows; row++)
        {
            foreach (int column in _columns)
            {
                yield return new Segment(0, ((row * width) + column) * inner, inner);
            }
        }
    }

    private TensorShape Shape(TensorShape shape)
    {
        long[] sizes = shape.Dimensions.ToArray();
        sizes[1] = _columns.Length;
        return new TensorShape(sizes);
    }
}

/// <summary>Tensors joined along a dimension, an old or a new one.</summary>
internal sealed class Concat : Transform
{
    private readonly int _axis;
    private readonly bool _isNew;

    [SetsRequiredMembers]
    public Concat(IReadOnlyList<TensorSignature> types, int axis, bool isNew)
    {
        (_axis, _isNew) = (axis, isNew);
        TensorSignature first = types[0];
        if (types.FirstOrDefault(type => type.DataType != first.DataType) is { } other)
        {
            throw Wrong($"tensors of one type are joined, and {first.DataType.ToName()} and {other.DataType.ToName()} are given: put a 'cast' step before");
        }

        if (first.DataType is TensorDataType.Int4 or TensorDataType.UInt4 || types.Any(static type => type.IsRankUnknown))
        {
            throw Wrong("tensors whose type has whole bytes and whose number of dimensions is known are joined");
        }

        Inputs = [];
        Outputs = [new TensorSignature(StepBody.Output, first.DataType, Shape([.. types.Select(static type => type.Shape)], static message => Wrong(message)))];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        TensorShape shape = Shape([.. inputs.Select(static input => input.Shape)], static message => Unfit(message));
        TensorShape[] parts = [.. inputs.Select(input => Widened(input.Shape))];
        return StepResult.Owning(Segments.Join(inputs, Pieces(parts), shape, memory));
    }

    private IEnumerable<Segment> Pieces(TensorShape[] parts)
    {
        long outer = Axes.CountBefore(parts[0], _axis);
        for (long i = 0; i < outer; i++)
        {
            for (int part = 0; part < parts.Length; part++)
            {
                long chunk = parts[part][_axis] * Axes.CountBehind(parts[part], _axis);
                yield return new Segment(part, i * chunk, chunk);
            }
        }
    }

    // A shape that has the dimension: new ones have size 1, and a value for each row is a column.
    private TensorShape Widened(TensorShape shape)
    {
        List<long> sizes = [.. shape.Dimensions];
        if (_isNew ? _axis <= sizes.Count : _axis == 1 && sizes.Count == 1)
        {
            sizes.Insert(_axis, 1);
        }

        return new TensorShape([.. sizes]);
    }

    private TensorShape Shape(TensorShape[] given, Func<string, SlipwayException> refuse)
    {
        TensorShape[] parts = [.. given.Select(Widened)];
        long[] sizes = parts[0].Dimensions.ToArray();
        if (_axis < 0 || _axis >= sizes.Length)
        {
            throw refuse($"dimension {_axis} is not there in {given[0]}");
        }

        for (int part = 1; part < parts.Length; part++)
        {
            if (parts[part].Rank != sizes.Length)
            {
                throw refuse($"{given[0]} and {given[part]} have not the same number of dimensions");
            }

            for (int i = 0; i < sizes.Length; i++)
            {
                long size = parts[part][i];
                if (i == _axis)
                {
                    sizes[i] = sizes[i] < 0 || size < 0 ? -1 : sizes[i] + size;
                }
                else if (sizes[i] >= 0 && size >= 0 && sizes[i] != size)
                {
                    throw refuse($"{given[0]} and {given[part]} differ in dimension {i}");
                }
                else
                {
                    sizes[i] = Math.Max(sizes[i], size);
                }
            }
        }

        return new TensorShape(sizes);
    }
}
