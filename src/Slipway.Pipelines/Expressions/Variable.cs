using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>A value of the pipeline as expressions see it: one element a row, or a vector of some.</summary>
/// <param name="Position">Position among the inputs of the rules.</param>
/// <param name="DataType">Element type; <see cref="TensorDataType.Undefined"/> when nobody knows yet.</param>
/// <param name="Width">Elements of a row's vector, -1 when the request decides; 0 for one element that is no vector.</param>
internal sealed record Variable(int Position, TensorDataType DataType, long Width)
{
    /// <summary>Whether a row has a vector.</summary>
    public bool IsVector => Width != 0;

    /// <summary>What its elements are.</summary>
    public ValueKind Kind => DataType switch
    {
        TensorDataType.Undefined => ValueKind.Unknown,
        TensorDataType.Bool => ValueKind.Truth,
        TensorDataType.String => ValueKind.Text,
        TensorDataType.Float16 or TensorDataType.BFloat16 or TensorDataType.Float32 or TensorDataType.Float64 => ValueKind.Number,
        _ => ValueKind.Integer,
    };
}
