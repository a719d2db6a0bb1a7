using System.Collections.Frozen;
using Slipway.TensorFlow.Drafting;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>Translates a node: its outputs, in the operator's order.</summary>
internal delegate IReadOnlyList<Value> OperatorConverter(OperatorCall call);

/// <summary>An operator and what translates it.</summary>
/// <param name="Limits">What of the operator is not taken; empty: all is.</param>
internal sealed record KnownOperator(string Name, OperatorConverter Convert, string Limits = "")
{
    /// <summary>An operator with one output.</summary>
    public static KnownOperator Of(string name, Func<OperatorCall, Term> convert, string limits = "") => new(name, call => [convert(call)], limits);
}

/// <summary>The operators that are translated. Immutable.</summary>
internal sealed class OperatorTable
{
    private readonly FrozenDictionary<string, KnownOperator> _byName;

    public OperatorTable(IEnumerable<KnownOperator> operators)
    {
        _byName = operators.ToFrozenDictionary(static known => known.Name, StringComparer.Ordinal);
    }

    /// <summary>All of them, in ordinal order.</summary>
    public IEnumerable<KnownOperator> All => _byName.Values.OrderBy(static known => known.Name, StringComparer.Ordinal);

    /// <summary>The converter of an operator, or null.</summary>
    public OperatorConverter? Find(string name) => _byName.GetValueOrDefault(name)?.Convert;
}
