using Slipway.Core;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Turns what a session takes and gives into a signature of named tensors.</summary>
internal static class SignatureBuilder
{
    public static ModelSignature Build(IReadOnlyList<ValuePlan> inputs, IReadOnlyList<ValuePlan> outputs)
    {
        TensorSignature[] ins = [.. inputs.Select(Flatten)];
        TensorSignature[] outs = [.. outputs.Select(Flatten)];
        return new ModelSignature(ins, outs) { IsBatchable = LooksBatchable(ins, outs) };
    }

    private static TensorSignature Flatten(ValuePlan plan) => new(plan.Name, plan.ElementType, plan.Shape)
    {
        IsOptional = plan.IsDefaulted,
        DimensionNames = plan.DimensionNames,
    };

    // Every input and output begins with a dimension of free size, of one name where there are names.
    internal static bool LooksBatchable(IReadOnlyList<TensorSignature> inputs, IReadOnlyList<TensorSignature> outputs)
    {
        string? name = null;
        foreach (TensorSignature tensor in inputs.Concat(outputs))
        {
            if (tensor.Shape.Rank == 0 || tensor.Shape[0] >= 0)
            {
                return false;
            }

            string? own = tensor.DimensionNames.Count > 0 ? tensor.DimensionNames[0] : null;
            if (own is not null && name is not null && own != name)
            {
                return false;
            }

            name ??= own;
        }

        return inputs.Count > 0 && outputs.Count > 0;
    }
}
