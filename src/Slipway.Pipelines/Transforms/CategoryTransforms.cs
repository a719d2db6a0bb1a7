using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>1 at the place of a value's category.</summary>
internal sealed class OneHot : Transform
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly bool _refuseUnknown;

    [SetsRequiredMembers]
    public OneHot(OneHotBody body, TensorSignature type)
    {
        _refuseUnknown = body.RefuseUnknown;
        Categories.Require(type);
        if (type.IsRankUnknown || !(type.Shape.Rank == 1 || (type.Shape.Rank == 2 && type.Shape[1] == 1)))
        {
            throw Wrong($"one value for each row is expected, [N] or [N,1], and {type.Shape} is given");
        }

        foreach (string category in body.Categories)
        {
            if (!_places.TryAdd(category, _places.Count))
            {
                throw Wrong($"category '{category}' is there twice");
            }
        }

        if (_places.Count == 0)
        {
            throw Wrong("at least one category is expected");
        }

        Inputs = [];
        Outputs = [new TensorSignature(StepBody.Output, TensorDataType.Float32, new TensorShape(type.Shape[0], _places.Count)) { Labels = [.. body.Categories] }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        string[] texts = ElementTexts.Read(inputs[0]);
        CountedBuffer buffer = memory.Rent((long)texts.Length * _places.Count * sizeof(float));
        buffer.Span.Clear();
        Span<float> cells = MemoryMarshal.Cast<byte, float>(buffer.Span);
        for (int row = 0; row < texts.Length; row++)
        {
            if (_places.TryGetValue(texts[row], out int place))
            {
                cells[(row * _places.Count) + place] = 1;
            }
            else if (_refuseUnknown)
            {
                buffer.Dispose();
                throw BadValue($"the value of row {row} is none of the {_places.Count} categories");
            }
        }

        return StepResult.Owning(buffer.ToTensor(StepBody.Output, TensorDataType.Float32, new TensorShape(texts.Length, _places.Count)));
    }
}

/// <summary>Looks values up.</summary>
internal sealed class Lookup : Transform
{
    private readonly IReadOnlyDictionary<string, string> _table;
    private readonly string? _otherwise;
    private readonly TensorDataType _to;

    [SetsRequiredMembers]
    public Lookup(LookupBody body, TensorSignature type)
    {
        (_table, _otherwise, _to) = (body.Table, body.Otherwise, body.To);
        Categories.Require(type);
        if (_to is not (TensorDataType.String or TensorDataType.Int64 or TensorDataType.Float64))
        {
            throw Wrong($"values are looked up as BYTES, INT64 or FP64, not {_to.ToName()}");
        }

        foreach (string value in _table.Values.Concat(_otherwise is null ? [] : [_otherwise]))
        {
            if ((_to == TensorDataType.Int64 && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                || (_to == TensorDataType.Float64 && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            {
                throw Wrong($"'{value}' is no {_to.ToName()}");
            }
        }

        Inputs = [];
        Outputs = [type with { Name = StepBody.Output, DataType = _to, Labels = [] }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Tensor input = inputs[0];
        string[] found = ElementTexts.Read(input);
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = _table.GetValueOrDefault(found[i]) ?? _otherwise ?? throw BadValue($"element {i} is not in the table, and there is no 'otherwise'");
        }

        if (_to == TensorDataType.String)
        {
            return StepResult.Owning(ElementTexts.Make(input.Shape, found, memory));
        }

        CountedBuffer buffer = memory.Rent((long)found.Length * sizeof(long));
        for (int i = 0; i < found.Length; i++)
        {
            if (_to == TensorDataType.Int64)
            {
                MemoryMarshal.Cast<byte, long>(buffer.Span)[i] = long.Parse(found[i], CultureInfo.InvariantCulture);
            }
            else
            {
                MemoryMarshal.Cast<byte, double>(buffer.Span)[i] = double.Parse(found[i], CultureInfo.InvariantCulture);
            }
        }

        return StepResult.Owning(buffer.ToTensor(StepBody.Output, _to, input.Shape));
    }
}

/// <summary>What transforms of categories share.</summary>
internal static class Categories
{
    /// <summary>Refuses what is neither a text, a truth nor a whole number.</summary>
    public static void Require(TensorSignature type)
    {
        if (type.DataType is TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64 || (!NumericTypes.Has(type.DataType) && type.DataType is not (TensorDataType.Bool or TensorDataType.String)))
        {
            throw Transform.Wrong($"texts, truths or whole numbers are expected, and {type.DataType.ToName()} is given: put a 'cast' step before");
        }
    }
}
