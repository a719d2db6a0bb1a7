using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Operators.ControlFlow;
using Slipway.TensorFlow.Operators.Images;
using Slipway.TensorFlow.Operators.Mathematics;
using Slipway.TensorFlow.Operators.Shapes;
using Slipway.TensorFlow.Operators.Sparse;
using Slipway.TensorFlow.Operators.State;
using Slipway.TensorFlow.Operators.Text;

namespace Slipway.TensorFlow.Operators;

/// <summary>All operators that are translated.</summary>
internal static class KnownOperators
{
    public static OperatorTable All { get; } = new(
    [
        .. ConstantOperators.All,
        .. VariableOperators.All,
        .. FunctionOperators.All,
        .. BranchOperators.All,
        .. OldBranchOperators.All,
        .. LoopOperators.All,
        .. ListOperators.All,
        .. ArrayOperators.All,
        .. ElementwiseOperators.All,
        .. ActivationOperators.All,
        .. MatrixOperators.All,
        .. ShapeOperators.All,
        .. SliceOperators.All,
        .. GatherOperators.All,
        .. ReductionOperators.All,
        .. PadOperators.All,
        .. ConvolutionOperators.All,
        .. BatchSpaceOperators.All,
        .. PoolingOperators.All,
        .. NormalizationOperators.All,
        .. ResizeOperators.All,
        .. DetectionOperators.All,
        .. CategoryOperators.All,
        .. StringOperators.All,
        .. TextPatternOperators.All,
        .. RaggedOperators.All,
        .. SegmentOperators.All,
        .. SparseOperators.All,
        .. SparseCrossOperators.All,
        .. DiagonalOperators.All,
        .. SetOperators.All,
        .. SpecialFunctionOperators.All,
        .. PatchOperators.All,
        .. QuantizationOperators.All,
        .. LossOperators.All,
        .. TableOperators.All,
        .. ExampleOperators.All,
    ]);
}
