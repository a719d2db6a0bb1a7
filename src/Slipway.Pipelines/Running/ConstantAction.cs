using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Running;

/// <summary>Gives prepared values, those of one row repeated for every row.</summary>
internal sealed class ConstantAction : StepAction
{
    private readonly IReadOnlyList<ConstantOutput> _constants;

    [SetsRequiredMembers]
    public ConstantAction(IReadOnlyList<ConstantOutput> constants)
    {
        _constants = constants;
        Inputs = [];
        Outputs = [.. constants.Select(static constant => new TensorSignature(constant.Name, constant.DataType, constant.Shape))];
    }

    /// <inheritdoc/>
    public override ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        List<Tensor> tensors = [];
        try
        {
            foreach (ConstantOutput constant in _constants)
            {
                tensors.Add(Make(constant, call));
            }
        }
        catch
        {
            tensors.ForEach(static tensor => tensor.Dispose());
            throw;
        }

        return new(StepResult.Owning(tensors));
    }

    private static Tensor Make(ConstantOutput constant, StepCall call)
    {
        if (constant.Shape.Rank == 0 || constant.Shape[0] >= 0)
        {
            return new Tensor(constant.Name, constant.DataType, constant.Shape, constant.Data);
        }

        int size = constant.Data.Length;
        CountedBuffer buffer = call.Pipeline.Memory.Rent(call.Rows * size);
        for (int row = 0; row < call.Rows; row++)
        {
            constant.Data.Span.CopyTo(buffer.Span[(row * size)..]);
        }

        return buffer.ToTensor(constant.Name, constant.DataType, constant.Shape.WithFirst(call.Rows));
    }
}
