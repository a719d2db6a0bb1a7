using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Takes a pipeline's outputs out of the results of its steps.</summary>
internal static class PlanOutputs
{
    /// <summary>
    /// The outputs under their own names. The memory of a step's result is shared by the outputs that lie in it and goes with the last of them; what lies in
    /// memory of others is copied: the caller's goes with the request.
    /// </summary>
    public static IReadOnlyList<Tensor> Collect(Plan plan, Tensor[] values, StepResult?[] results, IReadOnlyList<string> wanted, RequestMemory memory)
    {
        IEnumerable<(string Name, int Value)> outputs = wanted.Count == 0 ? plan.Outputs : wanted.Select(name => plan.Outputs.First(output => output.Name == name));
        Dictionary<int, SharedOwner> owners = [];
        List<Tensor> collected = [];
        try
        {
            foreach ((string name, int value) in outputs)
            {
                Tensor tensor = values[value];
                int step = StepOf(plan, value);
                collected.Add(step < 0 || plan.Steps[step].IsView ? Copy(name, tensor, memory) : new Tensor(name, tensor.DataType, tensor.Shape, tensor.Data, Share(owners, results, step)));
            }
        }
        catch
        {
            collected.ForEach(static tensor => tensor.Dispose());
            throw;
        }
        finally
        {
            // From here on the outputs alone keep the results.
            foreach (SharedOwner owner in owners.Values)
            {
                owner.Dispose();
            }
        }

        return collected;
    }

    private static SharedOwner Share(Dictionary<int, SharedOwner> owners, StepResult?[] results, int step)
    {
        if (!owners.TryGetValue(step, out SharedOwner? owner))
        {
            owner = owners[step] = new SharedOwner(results[step]!);
            results[step] = null;
        }

        return owner.Acquire();
    }

    private static int StepOf(Plan plan, int value)
    {
        for (int i = plan.Steps.Count - 1; i >= 0; i--)
        {
            PlanStep step = plan.Steps[i];
            if (value >= step.FirstValue && value < step.FirstValue + step.Action.Outputs.Count)
            {
                return i;
            }
        }

        return -1;
    }

    private static Tensor Copy(string name, Tensor tensor, RequestMemory memory)
    {
        CountedBuffer buffer = memory.Rent(tensor.Data.Length);
        tensor.Data.Span.CopyTo(buffer.Span);
        return buffer.ToTensor(name, tensor.DataType, tensor.Shape);
    }
}
