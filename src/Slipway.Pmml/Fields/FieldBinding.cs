using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Fields;

/// <summary>A field as a model sees it: where its value comes from and what is known about it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Gives its value, after treatment.</param>
/// <param name="OpType">How values are compared.</param>
/// <param name="Declared">The field of the data dictionary, where it is one.</param>
internal sealed record FieldBinding(string Name, Expression Value, OpType OpType, DataField? Declared = null)
{
    /// <summary>Type of the value.</summary>
    public PmmlType Type => Value.Type;

    /// <summary>Valid categories, where they are declared, in order.</summary>
    public IReadOnlyList<double> Categories { get; init; } = Declared?.ValidValues ?? [];

    /// <summary>Whether the value is not missing; null when a value that is not missing is valid.</summary>
    public Expression? Validity { get; init; }
}
