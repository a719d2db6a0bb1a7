using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Models.Trees;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Mining;

/// <summary>
/// A mining model of nothing but plain trees, all of which take part: walked tree by tree over a block of rows, so that a tree's questions stay in the
/// processor's cache while the rows go past.
/// </summary>
internal sealed class ForestPlan : ModelPlan
{
    private readonly TreeProgram[] _trees;
    private readonly double[][] _values;
    private readonly double[] _weights;
    private readonly int[] _slots;
    private readonly bool _isMean;
    private readonly double _total;
    private readonly bool _isClassification;
    private readonly bool _isVote;
    private readonly ForestSums? _fast;

    private ForestPlan(ModelResult result, TreeProgram[] trees, double[][] values, double[] weights, bool isMean, bool isClassification, bool isVote)
        : base(result)
    {
        (_trees, _values, _weights, _isMean, _isClassification, _isVote) = (trees, values, weights, isMean, isClassification, isVote);
        _total = weights.Sum();
        _fast = ForestSums.TryCreate(trees, values, isClassification ? result.Categories.Length : 1);
        _slots = [.. trees.Where(static tree => tree.Numeric is not null).SelectMany(static tree => tree.Numeric!.Slots).Distinct()];
    }

    /// <summary>Compiles the segments as a forest; null when they are something else.</summary>
    public static ForestPlan? TryCompile(ModelContext model, PmmlElement[] segments, string method)
    {
        if (method is not ("sum" or "average" or "weightedAverage" or "weightedSum" or "majorityVote" or "weightedMajorityVote")
            || model.Element.RequiredChild("Segmentation") is not { } segmentation
            || MissingPredictions.TreatmentOf(segmentation) != MissingPredictions.Continue || MissingPredictions.ThresholdOf(segmentation) < 1
            || !Array.TrueForAll(segments, IsPlain)
            || model.Element.Child("Output")?.Children.Any(static field => field.Attribute("segmentId") is not null) == true)
        {
            return null;
        }

        bool isClassification = Segment.ModelOf(segments[0]).Attribute("functionName") == "classification";
        if (Array.Exists(segments, segment => Segment.ModelOf(segment).Attribute("functionName") == "classification" != isClassification)
            || (isClassification && method is "sum" or "weightedSum") || (!isClassification && method.EndsWith("Vote", StringComparison.Ordinal)))
        {
            return null;
        }

        TreePlan[] trees = [.. segments.Select(segment => TreePlan.Compile(model.Inner(Segment.ModelOf(segment), model.Scope, hasResult: false))).OfType<TreePlan>()];
        if (trees.Length < segments.Length)
        {
            // A node holds a model of its own.
            return null;
        }

        bool isWeighted = method.StartsWith("weighted", StringComparison.Ordinal);
        bool isVote = method.EndsWith("ajorityVote", StringComparison.Ordinal);
        double[] weights = [.. segments.Select(segment => isWeighted ? segment.Number("weight") ?? 1 : 1)];
        ModelResult result = isClassification
            ? new ModelResult(model.Plan, trees[0].Result.Type).WithProbabilities(model.CategoriesWith(trees.SelectMany(static tree => tree.Result.Categories)))
            : new ModelResult(model.Plan, model.ValueType);
        double[][] values = isClassification
            ? [.. trees.Select((tree, i) => Shares(tree, result, weights[i], isVote))]
            : [.. trees.Select((tree, i) => Array.ConvertAll(tree.Leaves.Values, value => Cell.IsMissing(value) ? value : weights[i] * value))];
        return new ForestPlan(result, [.. trees.Select(static tree => tree.Program)], values, weights, method is not ("sum" or "weightedSum"), isClassification, isVote);
    }

    public override void Evaluate(Frame frame)
    {
        Span<double> sums = Begin(frame);
        double total = _total;
        for (int i = 0; i < _trees.Length; i++)
        {
            _trees[i].Prepare(frame);
            Add(i, _trees[i].Walk(frame), sums, ref total);
        }

        Finish(frame, total);
    }

    public override void EvaluateBlock(Frame frame, int rows)
    {
        if (Array.Exists(_trees, static tree => tree.NeedsPreparation))
        {
            // Fields computed on demand may fail for a row.
            PrepareBlock(frame, rows);
        }

        Span<double> totals = stackalloc double[Frame.BlockRows];
        totals.Fill(_total);

        // Rows that have all numbers come first, the others last.
        Span<int> order = stackalloc int[Frame.BlockRows];
        int complete = 0;
        int end = rows;
        for (int row = 0; row < rows; row++)
        {
            frame.MoveTo(row);
            Begin(frame);
            order[frame.Failures[row] is null && NumericTree.IsComplete(frame, _slots) ? complete++ : --end] = row;
        }

        if (_fast is not null)
        {
            int added = AddFast(frame, _fast, order[..complete]);
            order[added..rows].CopyTo(order);
            (complete, int rest) = (complete - added, rows - added);
            AddEach(frame, order[..complete], order[..rest], totals);
        }
        else
        {
            AddEach(frame, order[..complete], order[..rows], totals);
        }

        for (int row = 0; row < rows; row++)
        {
            if (frame.Failures[row] is null)
            {
                frame.MoveTo(row);
                Finish(frame, totals[row]);
            }
        }
    }

    // Gives how many of the rows were added up: those that fill all lanes.
    private int AddFast(Frame frame, ForestSums fast, ReadOnlySpan<int> rows)
    {
        int count = rows.Length / NumericTree.Lanes * NumericTree.Lanes;
        Span<int> bases = stackalloc int[count];
        for (int i = 0; i < count; i++)
        {
            bases[i] = rows[i] * frame.Width;
        }

        Span<double> sums = stackalloc double[count * fast.Stride];
        sums.Clear();
        fast.Add(frame.Cells, bases, sums);
        for (int i = 0; i < count; i++)
        {
            frame.Base = bases[i];
            Span<double> target = SumsOf(frame);
            sums.Slice(i * fast.Stride, target.Length).CopyTo(target);
        }

        return count;
    }

    private void AddEach(Frame frame, ReadOnlySpan<int> complete, ReadOnlySpan<int> rows, Span<double> totals)
    {
        for (int i = 0; i < _trees.Length; i++)
        {
            int done = _trees[i].Numeric is { } numeric ? WalkLanes(frame, i, numeric, complete, totals) : 0;
            foreach (int row in rows[done..])
            {
                if (frame.Failures[row] is null)
                {
                    frame.MoveTo(row);
                    Add(i, _trees[i].Walk(frame), SumsOf(frame), ref totals[row]);
                }
            }
        }
    }

    // Gives how many of the rows were walked: those that fill all lanes.
    private int WalkLanes(Frame frame, int tree, NumericTree numeric, ReadOnlySpan<int> rows, Span<double> totals)
    {
        Span<int> bases = stackalloc int[NumericTree.Lanes];
        Span<int> places = stackalloc int[NumericTree.Lanes];
        int done = 0;
        for (; done + NumericTree.Lanes <= rows.Length; done += NumericTree.Lanes)
        {
            for (int lane = 0; lane < NumericTree.Lanes; lane++)
            {
                bases[lane] = rows[done + lane] * frame.Width;
            }

            numeric.Walk(frame.Cells, bases, places);
            for (int lane = 0; lane < NumericTree.Lanes; lane++)
            {
                frame.Base = bases[lane];
                Add(tree, numeric.Results[places[lane]], SumsOf(frame), ref totals[rows[done + lane]]);
            }
        }

        return done;
    }

    private void PrepareBlock(Frame frame, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            frame.MoveTo(row);
            try
            {
                foreach (TreeProgram tree in _trees)
                {
                    if (frame.Failures[row] is null)
                    {
                        tree.Prepare(frame);
                    }
                }
            }
            catch (EvaluationException fault)
            {
                frame.Failures[row] = fault.Message;
            }
        }
    }

    private Span<double> SumsOf(Frame frame) => _isClassification ? Result.ProbabilitiesOf(frame) : frame.Cells.AsSpan(frame.Base + Result.Value, 1);

    private Span<double> Begin(Frame frame)
    {
        Span<double> sums = SumsOf(frame);
        sums.Clear();
        return sums;
    }

    // A tree without an answer leaves a sum without one, and votes for none. Where no tree has a score there are no categories to vote for.
    private void Add(int tree, int node, Span<double> sums, ref double total)
    {
        double[] values = _values[tree];
        if (!_isClassification)
        {
            sums[0] += node < 0 ? Cell.Missing : values[node];
            return;
        }

        int width = sums.Length;
        int start = node * width;
        if (node < 0 || width == 0 || double.IsNaN(values[start]))
        {
            total -= _weights[tree];
            return;
        }

        for (int i = 0; i < width; i++)
        {
            sums[i] += values[start + i];
        }
    }

    private void Finish(Frame frame, double total)
    {
        if (!_isClassification)
        {
            ref double sum = ref frame[Result.Value];
            sum = double.IsNaN(sum) ? Cell.Missing : _isMean ? sum / total : sum;
            return;
        }

        // Trees without an answer leave a mean without one, and a vote when they are more than vote for any category.
        Span<double> sums = Result.ProbabilitiesOf(frame);
        double missing = _total - total;
        if (total <= 0 || (missing > 0 && (!_isVote || missing > MissingPredictions.Most(sums))))
        {
            sums.Fill(Cell.Missing);
            return;
        }

        foreach (ref double sum in sums)
        {
            sum /= total;
        }

        Result.Decide(frame);
    }

    // What each node adds to each category, node after node; NaN where the node has no answer.
    private static double[] Shares(TreePlan tree, ModelResult result, double weight, bool isVote)
    {
        int width = result.Categories.Length;
        int[] map = [.. tree.Result.Categories.Select(result.IndexOf)];
        double[] shares = new double[tree.Leaves.Values.Length * width];
        for (int node = 0; node < tree.Leaves.Values.Length; node++)
        {
            double value = tree.Leaves.Values[node];
            Span<double> row = shares.AsSpan(node * width, width);
            if (Cell.IsMissing(value))
            {
                row.Fill(double.NaN);
            }
            else if (isVote || tree.Leaves.ProbabilitiesOf(node) is not { } probabilities)
            {
                row[result.IndexOf(value)] = weight;
            }
            else
            {
                for (int i = 0; i < map.Length; i++)
                {
                    row[map[i]] = weight * probabilities[i];
                }
            }
        }

        return shares;
    }

    private static bool IsPlain(PmmlElement segment)
    {
        PmmlElement model = Segment.ModelOf(segment);
        return segment.Child("True") is not null && segment.Child("VariableWeight") is null && model.Name == "TreeModel" && model.Child("Output") is null && model.Child("Targets") is null
            && model.Attribute("missingValueStrategy") is not ("weightedConfidence" or "aggregateNodes") && model.Attribute("missingValuePenalty") is null;
    }
}
