using Slipway.Core;
using Slipway.OnnxRuntime.Models;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// Turns what a session takes and gives into a signature of named tensors. The rule, which docs/engine.md tells users:
/// a tensor <c>x</c> is <c>x</c>; a sequence of tensors is <c>x</c>, all elements one after another, and <c>x.shapes</c>; a map is <c>x</c>, its values
/// by ascending key, and <c>x.keys</c>; a sequence of maps is <c>x</c> with a row for each map, and <c>x.keys</c>; where the graph tells the keys they are
/// labels of <c>x</c> and there is no <c>x.keys</c>; an optional output has <c>x.present</c> besides.
/// </summary>
internal static class SignatureBuilder
{
    private static readonly TensorShape One = new(1);
    private static readonly TensorShape Any = new(-1);

    /// <summary>Adds what the file tells to what the engine tells, and numbers the tensors that each value becomes.</summary>
    public static IReadOnlyList<ValuePlan> Complete(IReadOnlyList<ValuePlan> plans, OnnxFacts facts, bool areOutputs)
    {
        ValuePlan[] complete = new ValuePlan[plans.Count];
        int next = 0;
        for (int i = 0; i < complete.Length; i++)
        {
            ValuePlan plan = plans[i];
            IReadOnlyList<string> labels = areOutputs && facts.ClassLabels.TryGetValue(plan.Name, out IReadOnlyList<string>? known) ? known : [];
            plan = plan with
            {
                First = next,
                Labels = plan.Form == ValueForm.Tensor && !FitsLastDimension(plan.Shape, labels.Count) ? [] : labels,
                IsRankUnknown = plan.Shape.Rank == 0 && facts.Shapeless.Contains(plan.Name),
            };
            next += plan.Parts(areOutputs).Count();
            complete[i] = plan;
        }

        return complete;
    }

    /// <summary>Makes the signature.</summary>
    public static ModelSignature Build(OpenedSession session)
    {
        TensorSignature[] ins = [.. session.Inputs.SelectMany(static plan => plan.Parts(isOutput: false).Select(part => Describe(plan, part)))];
        TensorSignature[] outs = [.. session.Outputs.SelectMany(static plan => plan.Parts(isOutput: true).Select(part => Describe(plan, part)))];
        bool hasRows = session.Inputs.Concat(session.Outputs).All(IsTensor) && BeginWithRows(ins, outs);
        try
        {
            return new ModelSignature(ins, ModelMetadata.WithLabels(outs, session.Metadata))
            {
                HasRows = hasRows,
                IsBatchable = hasRows && !session.QuantizesDynamically,
                Metadata = session.Metadata,
            };
        }
        catch (ArgumentException exception)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the model can't be served: {exception.Message}", exception);
        }
    }

    private static TensorSignature Describe(ValuePlan plan, ValuePart part) => part switch
    {
        ValuePart.Keys => new TensorSignature(plan.Name + SignatureNames.Keys, plan.KeyType, Any),
        ValuePart.Shapes => new TensorSignature(plan.Name + SignatureNames.Shapes, TensorDataType.Int64, new TensorShape(-1, -1)),
        ValuePart.Present => new TensorSignature(plan.Name + SignatureNames.Present, TensorDataType.Bool, One),
        _ => new TensorSignature(plan.Name, plan.ElementType, MainShape(plan))
        {
            IsOptional = plan.IsDefaulted,
            IsRankUnknown = plan.IsRankUnknown && plan.Form == ValueForm.Tensor,
            DimensionNames = plan.Form == ValueForm.Tensor ? plan.DimensionNames : [],
            Labels = plan.Labels,
        },
    };

    private static TensorShape MainShape(ValuePlan plan) => plan.Form switch
    {
        ValueForm.Sequence => Any,
        ValueForm.Map => new TensorShape(plan.Labels.Count > 0 ? plan.Labels.Count : -1),
        ValueForm.MapSequence => new TensorShape(-1, plan.Labels.Count > 0 ? plan.Labels.Count : -1),
        _ when plan.IsOptional => new TensorShape([.. Enumerable.Repeat(-1L, plan.Shape.Rank)]),
        _ => plan.Shape,
    };

    private static bool FitsLastDimension(TensorShape shape, int count) => shape.Rank > 0 && shape[shape.Rank - 1] is var last && (last < 0 || last == count);

    // One after another, the elements of a sequence are no rows, although their number is free; nor are the keys of a map.
    private static bool IsTensor(ValuePlan plan) => plan.Form == ValueForm.Tensor || (plan.Form == ValueForm.MapSequence && plan.Labels.Count > 0);

    // Every input and output begins with a dimension of free size, of one name where there are names.
    private static bool BeginWithRows(TensorSignature[] inputs, TensorSignature[] outputs)
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

        return inputs.Length > 0 && outputs.Length > 0;
    }
}
