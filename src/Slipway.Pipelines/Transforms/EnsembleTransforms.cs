using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Transforms;

/// <summary>The average of some tensors.</summary>
internal sealed class Average : Transform
{
    private readonly double[] _weights;

    [SetsRequiredMembers]
    public Average(AverageBody body, IReadOnlyList<TensorSignature> types)
    {
        foreach (TensorSignature type in types)
        {
            Numbers.Require(type);
        }

        double[] weights = Ensembles.Weights(body.Weights, types.Count);
        _weights = [.. weights.Select(weight => weight / weights.Sum())];
        Inputs = [];
        TensorDataType result = types.Any(static type => type.DataType == TensorDataType.Float64) ? TensorDataType.Float64 : TensorDataType.Float32;
        Outputs = [Ensembles.Unify(types) with { DataType = result }];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Ensembles.RequireSame(inputs);
        double[] sum = new double[inputs[0].ElementCount];
        for (int i = 0; i < inputs.Count; i++)
        {
            double[] numbers = NumericTypes.Read(inputs[i]);
            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += numbers[k] * _weights[i];
            }
        }

        return Numbers.Result(sum, Outputs[0].DataType, inputs[0].Shape, memory);
    }
}

/// <summary>What most of some tensors say.</summary>
internal sealed class Vote : Transform
{
    private readonly double[] _weights;

    [SetsRequiredMembers]
    public Vote(VoteBody body, IReadOnlyList<TensorSignature> types)
    {
        foreach (TensorSignature type in types)
        {
            Categories.Require(type);
            if (type.DataType != types[0].DataType)
            {
                throw Wrong($"tensors of one type vote, and {types[0].DataType.ToName()} and {type.DataType.ToName()} are given: put a 'cast' step before");
            }
        }

        _weights = Ensembles.Weights(body.Weights, types.Count);
        Inputs = [];
        Outputs = [Ensembles.Unify(types)];
    }

    protected override StepResult Compute(IReadOnlyList<Tensor> inputs, RequestMemory memory)
    {
        Ensembles.RequireSame(inputs);
        string[][] texts = [.. inputs.Select(ElementTexts.Read)];
        Segment[] chosen = new Segment[texts[0].Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = new Segment(Winner(texts, i), i, 1);
        }

        return StepResult.Owning(Segments.Join(inputs, chosen, inputs[0].Shape, memory));
    }

    // The first tensor that says what has most weight: among equally many, whoever was named first.
    private int Winner(string[][] texts, int element)
    {
        int best = 0;
        double most = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            double weight = 0;
            for (int k = 0; k < texts.Length; k++)
            {
                weight += texts[k][element] == texts[i][element] ? _weights[k] : 0;
            }

            if (weight > most)
            {
                (best, most) = (i, weight);
            }
        }

        return best;
    }
}

/// <summary>What ensembles share.</summary>
internal static class Ensembles
{
    /// <summary>Weights, all the same where none are given.</summary>
    public static double[] Weights(IReadOnlyList<double> weights, int count)
    {
        if (weights.Count == 0)
        {
            return [.. Enumerable.Repeat(1.0, count)];
        }

        return weights.Count == count && weights.All(static weight => weight > 0 && double.IsFinite(weight))
            ? [.. weights]
            : throw Transform.Wrong($"{count} weights above 0 are expected, one for each tensor");
    }

    /// <summary>The one shape of some tensors.</summary>
    public static TensorSignature Unify(IReadOnlyList<TensorSignature> types)
    {
        TensorSignature result = types[0] with { Name = StepBody.Output };
        foreach (TensorSignature type in types.Skip(1))
        {
            if (result.IsRankUnknown || type.IsRankUnknown)
            {
                result = result with { IsRankUnknown = true, Shape = default };
                continue;
            }

            if (type.Shape.Rank != result.Shape.Rank)
            {
                throw Differ(result.Shape, type.Shape);
            }

            long[] sizes = result.Shape.Dimensions.ToArray();
            for (int i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] >= 0 && type.Shape[i] >= 0 && sizes[i] != type.Shape[i])
                {
                    throw Differ(result.Shape, type.Shape);
                }

                sizes[i] = Math.Max(sizes[i], type.Shape[i]);
            }

            result = result with { Shape = new TensorShape(sizes) };
        }

        return result;
    }

    /// <summary>Refuses tensors of different shapes.</summary>
    public static void RequireSame(IReadOnlyList<Tensor> inputs)
    {
        foreach (Tensor input in inputs)
        {
            if (input.Shape != inputs[0].Shape)
            {
                throw Transform.Unfit($"tensors of one shape are expected, and {inputs[0].Shape} and {input.Shape} are given");
            }
        }
    }

    private static SlipwayException Differ(TensorShape one, TensorShape other) => Transform.Wrong($"tensors of one shape are expected, and {one} and {other} are given");
}
