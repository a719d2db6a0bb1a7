using System.Collections.Frozen;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>
/// Finds signatures that work element by element. TensorFlow does not hold callers to the shapes that a signature declares; a graph of elementwise operators takes values
/// of any rank there, and people rely on it: the best-known example of all declares <c>[?,1]</c> and is called with <c>[3]</c>.
/// </summary>
internal static class RankFreedom
{
    private static readonly FrozenSet<string> Elementwise = new[]
    {
        "Abs", "Add", "AddN", "AddV2", "Cast", "Ceil", "Const", "Cos", "Div", "DivNoNan", "Elu", "Equal", "Erf", "Exp", "Floor", "FloorDiv",
        "FloorMod", "Greater", "GreaterEqual", "Identity", "IdentityN", "IsFinite", "IsInf", "IsNan", "LeakyRelu", "Less", "LessEqual", "Log", "Log1p", "LogicalAnd", "LogicalNot",
        "LogicalOr", "Maximum", "Minimum", "Mul", "Neg", "NoOp", "NotEqual", "PartitionedCall", "Placeholder", "PlaceholderWithDefault", "Pow",
        "ReadVariableOp", "RealDiv", "Reciprocal", "Relu", "Relu6", "Rint", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin", "Softplus", "Softsign", "Sqrt", "Square",
        "SquaredDifference", "StatefulPartitionedCall", "StopGradient", "Sub", "Tan", "Tanh", "VarHandleOp", "Variable", "VariableV2",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a declared shape is that of one number for each row: rows of several have columns, which are worth knowing.</summary>
    public static bool IsOneNumber(PartialShape shape) => !shape.HasRank || shape.Rank <= 1 || (shape.Rank == 2 && shape[1] == 1);

    /// <summary>Whether all of the operators work on values of any rank alike.</summary>
    public static bool Holds(IEnumerable<string> operators) => operators.All(Elementwise.Contains);
}
