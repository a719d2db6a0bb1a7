using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Asks a cheap branch first: rows whose answer is accepted are done, the others go on to the next one. The last one's answer stands.</summary>
/// <param name="stages">Branches, the condition of what they gave, and where what it reads of the pipeline begins among the inputs.</param>
/// <param name="last">The last branch.</param>
internal sealed class CascadeAction(IReadOnlyList<(RowBranch Branch, Condition Accept, int First)> stages, RowBranch last) : StepAction
{
    private const int FirstLocal = -2;

    /// <inheritdoc/>
    public override bool IsView => last.Action.IsView || stages.Any(static stage => stage.Branch.Action.IsView);

    /// <inheritdoc/>
    public override async ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        List<(StepResult Result, int[] Rows)> parts = [];
        try
        {
            int[] left = [.. Enumerable.Range(0, checked((int)call.Rows))];
            foreach ((RowBranch branch, Condition accept, int first) in stages)
            {
                StepResult result = await branch.RunAsync(call, left, cancellationToken);
                parts.Add((result, left));
                (int[] yes, int[] no) = DivideRows(accept, call, first, result, left, cancellationToken);
                if (no.Length == 0)
                {
                    return Join(parts, call);
                }

                parts[^1] = (Keep(result, left, yes, call), yes);
                if (yes.Length == 0)
                {
                    parts[^1].Result.Dispose();
                    parts.RemoveAt(parts.Count - 1);
                }

                left = no;
            }

            parts.Add((await last.RunAsync(call, left, cancellationToken), left));
            return Join(parts, call);
        }
        catch
        {
            parts.ForEach(static part => part.Result.Dispose());
            throw;
        }
    }

    private StepResult Join(List<(StepResult Result, int[] Rows)> parts, StepCall call)
    {
        (StepResult Result, int[] Rows)[] all = [.. parts];
        parts.Clear();
        return RowParts.Join(all, Outputs, call);
    }

    // The condition reads what the stage gave as it is, and values of the pipeline for the rows that are left.
    private static (int[] Yes, int[] No) DivideRows(Condition accept, StepCall call, int first, StepResult result, int[] rows, CancellationToken cancellationToken)
    {
        List<Tensor> taken = [];
        try
        {
            Tensor[] inputs = new Tensor[accept.Inputs.Count];
            int own = 0;
            for (int i = 0; i < inputs.Length; i++)
            {
                if (accept.Inputs[i] <= FirstLocal)
                {
                    inputs[i] = result.Tensors[FirstLocal - accept.Inputs[i]];
                    continue;
                }

                Tensor given = call.Inputs[first + own++];
                RowTensors.Check(given, call.Rows, accept.Widths[i]);
                inputs[i] = RowGather.Take(given, rows, call.Pipeline.Memory);
                if (inputs[i] != given)
                {
                    taken.Add(inputs[i]);
                }
            }

            return accept.Divide(inputs, rows, cancellationToken);
        }
        finally
        {
            taken.ForEach(static tensor => tensor.Dispose());
        }
    }

    // The rows that were accepted, out of those that the stage had.
    private static StepResult Keep(StepResult result, int[] had, int[] accepted, StepCall call)
    {
        int[] places = [.. accepted.Select(row => Array.BinarySearch(had, row))];
        List<Tensor> kept = [];
        try
        {
            foreach (Tensor tensor in result.Tensors)
            {
                if (tensor.Shape.Rank == 0 || tensor.Shape[0] != had.Length)
                {
                    throw new SlipwayException(ErrorCode.ShapeMismatch, $"output '{tensor.Name}' has shape {tensor.Shape}, and {had.Length} rows are expected");
                }

                kept.Add(RowGather.Take(tensor, places, call.Pipeline.Memory));
            }
        }
        catch
        {
            kept.ForEach(static tensor => tensor.Dispose());
            throw;
        }

        result.Dispose();
        return StepResult.Owning(kept);
    }
}
