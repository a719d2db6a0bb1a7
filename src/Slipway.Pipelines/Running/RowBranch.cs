using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>A body that gets some of the rows. Immutable, thread-safe.</summary>
/// <param name="Action">What it does.</param>
/// <param name="First">Where what it reads begins among the inputs of the step.</param>
/// <param name="AreRows">For each of its inputs whether it has a value for each row.</param>
internal sealed record RowBranch(StepAction Action, int First, IReadOnlyList<bool> AreRows)
{
    /// <summary>Runs it for some rows. Where it gets all of them, it reads the very tensors of the step.</summary>
    public async ValueTask<StepResult> RunAsync(StepCall call, int[] rows, CancellationToken cancellationToken)
    {
        List<Tensor> taken = [];
        try
        {
            Tensor[] inputs = new Tensor[AreRows.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor given = call.Inputs[First + i];
                inputs[i] = AreRows[i] && given.Shape.Rank > 0 && given.Shape[0] == call.Rows ? RowGather.Take(given, rows, call.Pipeline.Memory) : given;
                if (inputs[i] != given)
                {
                    taken.Add(inputs[i]);
                }
            }

            StepResult result = await Action.RunAsync(call with { Inputs = inputs, Rows = rows.Length }, cancellationToken);
            if (!Action.IsView || taken.Count == 0)
            {
                return result;
            }

            // The result shows the rows that were taken: they go with it.
            StepResult both = new(result.Tensors, new Both(result, [.. taken]));
            taken.Clear();
            return both;
        }
        finally
        {
            taken.ForEach(static tensor => tensor.Dispose());
        }
    }

    private sealed class Both(StepResult result, IReadOnlyList<Tensor> taken) : IDisposable
    {
        public void Dispose()
        {
            result.Dispose();
            foreach (Tensor tensor in taken)
            {
                tensor.Dispose();
            }
        }
    }
}
