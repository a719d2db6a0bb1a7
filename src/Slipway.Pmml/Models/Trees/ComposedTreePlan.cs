using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Trees;

/// <summary>A tree some of whose nodes hold a model, which gives the result there (the model selection of PMML 3).</summary>
internal sealed class ComposedTreePlan : ModelPlan
{
    private readonly TreeProgram _program;
    private readonly TreeLeaves _leaves;
    private readonly ModelUnit?[] _models;
    private readonly int[][] _maps;

    /// <param name="result">Holds the categories of the nodes and of the models.</param>
    /// <param name="program">The questions.</param>
    /// <param name="leaves">The results of the nodes.</param>
    /// <param name="models">For each node its model; null where the node itself gives the result.</param>
    public ComposedTreePlan(ModelResult result, TreeProgram program, TreeLeaves leaves, ModelUnit?[] models)
        : base(result)
    {
        (_program, _leaves, _models) = (program, leaves, models);
        _maps = Array.ConvertAll(models, model => Array.ConvertAll(model?.Result.Categories ?? [], result.IndexOf));
    }

    public override void Evaluate(Frame frame)
    {
        _program.Prepare(frame);
        int node = _program.Walk(frame);
        if (node < 0)
        {
            return;
        }

        frame[Result.Entity] = _leaves.Ids[node];
        if (_models[node] is not { } model)
        {
            frame[Result.Value] = _leaves.Values[node];
            _leaves.ProbabilitiesOf(node)?.CopyTo(Result.ProbabilitiesOf(frame));
            return;
        }

        model.Evaluate(frame);
        ModelResult inner = model.Result;
        double value = frame[inner.Value];
        frame[Result.Value] = Cell.IsMissing(value) || inner.Type == Result.Type || (inner.Type.IsNumber && Result.Type.IsNumber)
            ? value
            : Conversion.Convert(value, inner.Type, Result.Type, frame);
        if (Result.Probabilities < 0 || inner.Probabilities < 0)
        {
            return;
        }

        Span<double> probabilities = Result.ProbabilitiesOf(frame);
        probabilities.Fill(Cell.IsMissing(value) ? Cell.Missing : 0);
        int[] map = _maps[node];
        for (int i = 0; i < map.Length; i++)
        {
            probabilities[map[i]] = frame[inner.Probabilities + i];
        }
    }
}
