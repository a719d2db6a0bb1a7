using Slipway.Core;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Shapes of values that a model may take or give.</summary>
internal enum ValueForm
{
    /// <summary>One tensor.</summary>
    Tensor,

    /// <summary>A sequence of tensors of one element type, their shapes and number known only when it is there.</summary>
    Sequence,

    /// <summary>A map from keys to scalars.</summary>
    Map,

    /// <summary>A sequence of such maps, one for each row.</summary>
    MapSequence,
}

/// <summary>The tensors that a value is flattened to.</summary>
internal enum ValuePart
{
    /// <summary>The values.</summary>
    Main,

    /// <summary>See <see cref="SignatureNames.Keys"/>.</summary>
    Keys,

    /// <summary>See <see cref="SignatureNames.Shapes"/>.</summary>
    Shapes,

    /// <summary>See <see cref="SignatureNames.Present"/>.</summary>
    Present,
}

/// <summary>One input or output of the engine, before it is flattened to named tensors.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Form">What it is.</param>
/// <param name="ElementType">Element type of the tensor, of the sequence's tensors or of the map's values.</param>
/// <param name="Shape">Shape of the tensor or of the sequence's tensors; -1 is any size.</param>
/// <param name="DimensionNames">Names of its dimensions, null where there is none.</param>
internal sealed record ValuePlan(
    string Name,
    ValueForm Form,
    TensorDataType ElementType,
    TensorShape Shape,
    IReadOnlyList<string?> DimensionNames)
{
    /// <summary>Type of the map's keys.</summary>
    public TensorDataType KeyType { get; init; }

    /// <summary>Whether it is an ONNX <c>optional</c>, which may be absent.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it is an initializer that a caller may override.</summary>
    public bool IsDefaulted { get; init; }

    /// <summary>Whether nothing is known of the shape.</summary>
    public bool IsRankUnknown { get; init; }

    /// <summary>Names of the classes that the map's keys, or the last dimension, run over; empty when unknown.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Position of its first tensor in the signature.</summary>
    public int First { get; init; }

    /// <summary>Whether it is one tensor, there in every run.</summary>
    public bool IsPlain => Form == ValueForm.Tensor && !IsOptional;

    /// <summary>The tensors that it becomes, in the signature's order.</summary>
    public IEnumerable<ValuePart> Parts(bool isOutput)
    {
        yield return ValuePart.Main;
        if (Form is ValueForm.Map or ValueForm.MapSequence && Labels.Count == 0)
        {
            yield return ValuePart.Keys;
        }
        else if (Form == ValueForm.Sequence)
        {
            yield return ValuePart.Shapes;
        }

        if (IsOptional && isOutput)
        {
            yield return ValuePart.Present;
        }
    }
}
