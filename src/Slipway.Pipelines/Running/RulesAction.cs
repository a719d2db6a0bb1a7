using Slipway.Core;
using Slipway.Pipelines.Expressions;

namespace Slipway.Pipelines.Running;

/// <summary>Computes rules.</summary>
internal sealed class RulesAction(RulesProgram program, IReadOnlyList<long> widths) : StepAction
{
    /// <inheritdoc/>
    public override ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        for (int i = 0; i < call.Inputs.Count; i++)
        {
            RowTensors.Check(call.Inputs[i], call.Rows, widths[i]);
        }

        ColumnWriter[] writers = [.. Outputs.Select(ColumnWriter.Of)];
        program.Run(call.Inputs, call.Rows, writers, cancellationToken);
        List<Tensor> tensors = [];
        try
        {
            for (int i = 0; i < writers.Length; i++)
            {
                CountedBuffer buffer = call.Pipeline.Memory.Rent(writers[i].Bytes.Length);
                writers[i].Bytes.CopyTo(buffer.Span);
                tensors.Add(buffer.ToTensor(Outputs[i].Name, Outputs[i].DataType, new TensorShape(call.Rows)));
            }
        }
        catch
        {
            tensors.ForEach(static tensor => tensor.Dispose());
            throw;
        }

        return new(StepResult.Owning(tensors));
    }
}
