using Slipway.Core;

namespace Slipway.Inference.Loading;

/// <summary>
/// Finds out whether rows of a model are independent: runs a few made-up rows all together, then the same rows in other company and one by itself, and compares the answers. A signature
/// alone can't say: a model that normalises over its first dimension has the same shapes as one that doesn't.
/// </summary>
internal static class BatchProbe
{
    // What is run besides all rows together: each row once more, after other ones than before, and one alone.
    private static readonly int[][] Parts = [[4, 2, 0], [3, 1], [2]];

    // Sizes for free dimensions other than the batch: the smallest that the model accepts is taken.
    private static readonly int[] FreeSizes = [1, 16, 64];

    // Rows of one size hide what a much larger neighbour would do (a range or a threshold over all of them), but not every model takes such values.
    private static readonly (WarmupFill Fill, bool IsUneven)[] Trials = [(WarmupFill.Random, true), (WarmupFill.Random, false), (WarmupFill.Zero, false)];

    /// <summary>Whether the answers agree. False also when the model refuses every made-up input.</summary>
    public static bool Confirms(ILoadedModel model, CancellationToken cancellationToken)
    {
        ModelSignature signature = model.Signature;
        foreach ((WarmupFill fill, bool isUneven) in Trials)
        {
            foreach (int free in FreeSizes)
            {
                if (SyntheticInputs.Create(signature.Inputs, ProbeRows.Count, isBatch: true, free, fill) is not { } inputs)
                {
                    return false;
                }

                if (TryCompare(model, isUneven ? ProbeRows.MakeUneven(inputs) : inputs, isUneven, cancellationToken) is { } agrees)
                {
                    return agrees;
                }

                if (!signature.Inputs.Any(static input => input.Shape.Dimensions[1..].ContainsAnyInRange(long.MinValue, -1)))
                {
                    break;
                }
            }
        }

        return false;
    }

    // Null: the model can't run these inputs, or gives no numbers for them, which says nothing of its rows.
    private static bool? TryCompare(ILoadedModel model, Tensor[] inputs, bool needsNumbers, CancellationToken cancellationToken)
    {
        int[] wanted = [.. Enumerable.Range(0, model.Signature.Outputs.Count)];
        Tensor[] together;
        try
        {
            together = model.Run(inputs, wanted, cancellationToken);
        }
        catch (SlipwayException)
        {
            return null;
        }

        try
        {
            if (!Array.TrueForAll(together, ProbeRows.HasRows) || !Array.TrueForAll(inputs, ProbeRows.HasRows))
            {
                return false;
            }

            return needsNumbers && !Array.TrueForAll(together, ProbeRows.IsFinite) ? null : RowsAgree(model, inputs, wanted, together, cancellationToken);
        }
        catch (SlipwayException)
        {
            return false;
        }
        finally
        {
            Release(together);
        }
    }

    private static bool RowsAgree(ILoadedModel model, Tensor[] inputs, int[] wanted, Tensor[] together, CancellationToken cancellationToken)
    {
        foreach (int[] rows in Parts)
        {
            Tensor[] part = model.Run(Array.ConvertAll(inputs, input => ProbeRows.Pick(input, rows)), wanted, cancellationToken);
            try
            {
                for (int i = 0; i < part.Length; i++)
                {
                    if (!ProbeRows.AreNear(ProbeRows.Pick(together[i], rows), part[i]))
                    {
                        return false;
                    }
                }
            }
            finally
            {
                Release(part);
            }
        }

        return true;
    }

    private static void Release(Tensor[] tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
