using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Sends every row to the first branch whose condition holds for it; branches run at once, and one without rows not at all.</summary>
/// <param name="cases">Conditions, where what they read begins among the inputs, and branches.</param>
/// <param name="otherwise">The branch for all other rows.</param>
internal sealed class SwitchAction(IReadOnlyList<(Condition Condition, int First, RowBranch Branch)> cases, RowBranch otherwise) : StepAction
{
    /// <inheritdoc/>
    public override bool IsView => otherwise.Action.IsView || cases.Any(static one => one.Branch.Action.IsView);

    /// <inheritdoc/>
    public override async ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        List<(RowBranch Branch, int[] Rows)> taken = [];
        int[] left = [.. Enumerable.Range(0, checked((int)call.Rows))];
        foreach ((Condition condition, int first, RowBranch branch) in cases)
        {
            if (left.Length == 0)
            {
                break;
            }

            (int[] yes, left) = Divide(condition, call, first, left, cancellationToken);
            if (yes.Length > 0)
            {
                taken.Add((branch, yes));
            }
        }

        // A request without rows still has outputs.
        if (left.Length > 0 || taken.Count == 0)
        {
            taken.Add((otherwise, left));
        }

        StepResult[] results = await Branches.RunAsync([.. taken.Select(one => (Func<CancellationToken, ValueTask<StepResult>>)(token => one.Branch.RunAsync(call, one.Rows, token)))], cancellationToken);
        return RowParts.Join([.. results.Select((result, index) => (result, taken[index].Rows))], Outputs, call);
    }

    /// <summary>Which rows a condition holds for.</summary>
    internal static (int[] Yes, int[] No) Divide(Condition condition, StepCall call, int first, int[] rows, CancellationToken cancellationToken)
    {
        List<Tensor> taken = [];
        try
        {
            Tensor[] inputs = new Tensor[condition.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor given = call.Inputs[first + i];
                RowTensors.Check(given, call.Rows, condition.Widths[i]);
                inputs[i] = RowGather.Take(given, rows, call.Pipeline.Memory);
                if (inputs[i] != given)
                {
                    taken.Add(inputs[i]);
                }
            }

            return condition.Divide(inputs, rows, cancellationToken);
        }
        finally
        {
            taken.ForEach(static tensor => tensor.Dispose());
        }
    }
}
