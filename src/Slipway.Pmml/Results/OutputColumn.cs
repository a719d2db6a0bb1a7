using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Results;

/// <summary>A value that callers get for each row.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Gives it.</param>
/// <param name="OpType">How values compare.</param>
/// <param name="IsFinal">Whether it is meant for callers, or only for what is computed from it.</param>
internal sealed record OutputColumn(string Name, Expression Value, OpType OpType, bool IsFinal = true)
{
    /// <summary>Its type.</summary>
    public PmmlType Type => Value.Type;
}
