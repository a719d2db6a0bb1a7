using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;
using Slipway.Pipelines.Transforms;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks steps that compute tensors from tensors.</summary>
internal static class TransformBinder
{
    /// <summary>The step; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    public static StepAction? Bind(BindScope scope, TransformBody body, string key)
    {
        key = $"{key}.{body.Kind}";
        if (body.From.Count == 0)
        {
            scope.Refuse(key, "at least one value is expected");
            return null;
        }

        BoundValue?[] values = [.. body.From.Select(reference => scope.Resolve(reference, key))];
        if (values.Contains(null))
        {
            return null;
        }

        try
        {
            int[] positions = [.. values.Select(static value => value!.Position)];
            return Make(body, [.. values.Select(static value => value!.Type)], positions);
        }
        catch (SlipwayException failure) when (failure.Code == ErrorCode.InvalidConfiguration)
        {
            scope.Refuse(key, failure.Message);
            return null;
        }
    }

    private static StepAction Make(TransformBody body, TensorSignature[] types, int[] positions) => body switch
    {
        RenameBody rename => new Rename(rename, types) { Inputs = positions },
        SelectBody select => new Select(select, types[0]) { Inputs = positions },
        ConcatBody concat => new Concat(types, concat.Axis, isNew: false) { Inputs = positions },
        StackBody stack => new Concat(types, stack.Axis, isNew: true) { Inputs = positions },
        ReshapeBody reshape => new Reshape(reshape, types[0]) { Inputs = positions },
        CastBody cast => new Cast(cast, types[0]) { Inputs = positions },
        ScaleBody scale => new Scale(scale, types[0]) { Inputs = positions },
        OneHotBody oneHot => new OneHot(oneHot, types[0]) { Inputs = positions },
        LookupBody lookup => new Lookup(lookup, types[0]) { Inputs = positions },
        ArgMaxBody => new ArgMax(types[0]) { Inputs = positions },
        TopKBody topK => new TopK(topK, types[0]) { Inputs = positions },
        ThresholdBody threshold => new Threshold(threshold, types[0]) { Inputs = positions },
        AverageBody average => new Average(average, types) { Inputs = positions },
        VoteBody vote => new Vote(vote, types) { Inputs = positions },
        DecodeImageBody decode => new DecodeImage(decode, types[0]) { Inputs = positions },
        ResizeBody resize => new Resize(resize, types[0]) { Inputs = positions },
        NormalizeBody normalize => new Normalize(normalize, types[0]) { Inputs = positions },
        _ => throw new InvalidOperationException(body.GetType().Name),
    };
}
