using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Puts together what branches gave for their rows.</summary>
internal static class RowParts
{
    /// <summary>One result of all rows; the only part's very tensors when there is one. Takes the parts over.</summary>
    /// <param name="parts">Results and the rows that they are for, every row once.</param>
    /// <param name="outputs">What they give.</param>
    /// <param name="call">The step.</param>
    public static StepResult Join(IReadOnlyList<(StepResult Result, int[] Rows)> parts, IReadOnlyList<TensorSignature> outputs, StepCall call)
    {
        if (parts is [var (only, _)])
        {
            return only;
        }

        List<Tensor> joined = [];
        try
        {
            for (int i = 0; i < outputs.Count; i++)
            {
                int output = i;
                joined.Add(RowGather.Scatter(outputs[i].Name, [.. parts.Select(part => (part.Result.Tensors[output], part.Rows))], call.Rows, call.Pipeline.Memory));
            }
        }
        catch
        {
            joined.ForEach(static tensor => tensor.Dispose());
            throw;
        }
        finally
        {
            foreach ((StepResult result, int[] _) in parts)
            {
                result.Dispose();
            }
        }

        return StepResult.Owning(joined);
    }
}
