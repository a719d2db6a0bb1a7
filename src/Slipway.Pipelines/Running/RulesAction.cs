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

        // Texts may grow to many times what came in: they are counted while they are written.
        RequestMemory memory = call.Pipeline.Memory;
        long charged = 0;
        ColumnWriter[] writers = [.. Outputs.Select(output => ColumnWriter.Of(output, Charge))];
        List<Tensor> tensors = [];
        try
        {
            program.Run(call.Inputs, call.Rows, writers, cancellationToken);
            for (int i = 0; i < writers.Length; i++)
            {
                CountedBuffer buffer = memory.Rent(writers[i].Bytes.Length);
                writers[i].Bytes.CopyTo(buffer.Span);
                tensors.Add(buffer.ToTensor(Outputs[i].Name, Outputs[i].DataType, new TensorShape(call.Rows)));
            }
        }
        catch
        {
            tensors.ForEach(static tensor => tensor.Dispose());
            throw;
        }
        finally
        {
            memory.Release(charged);
        }

        return new(StepResult.Owning(tensors));

        void Charge(long bytes)
        {
            memory.Charge(bytes);
            charged += bytes;
        }
    }
}
