using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Mining;

/// <summary>Segments whose predictions are joined: votes for categories, sums and means for numbers.</summary>
internal sealed class EnsemblePlan : ModelPlan
{
    private readonly Segment[] _segments;
    private readonly int[][] _maps;
    private readonly string _method;
    private readonly bool _isWeighted;
    private readonly string _missing;
    private readonly double _missingThreshold;

    private EnsemblePlan(ModelResult result, PmmlElement segmentation, Segment[] segments, string method)
        : base(result)
    {
        _segments = segments;
        _isWeighted = method.StartsWith("weighted", StringComparison.Ordinal);
        _method = _isWeighted ? char.ToLowerInvariant(method["weighted".Length]) + method["weighted".Length..][1..] : method;
        _maps = [.. segments.Select(segment => segment.Unit.Result.Categories.Select(result.IndexOf).ToArray())];
        _missing = MissingPredictions.TreatmentOf(segmentation);
        _missingThreshold = MissingPredictions.ThresholdOf(segmentation);
    }

    /// <summary>The segments.</summary>
    public Segment[] Segments => _segments;

    private bool IsVote => _method == "majorityVote";

    public static EnsemblePlan Create(ModelContext model, PmmlElement segmentation, Segment[] segments, string method)
    {
        double[] categories = [.. model.CategoriesWith(segments.SelectMany(static segment => segment.Unit.Result.Categories))];
        bool isNumber = categories.Length == 0;
        if (isNumber && method.EndsWith("ajorityVote", StringComparison.Ordinal))
        {
            throw PmmlError.Invalid(segmentation, $"has multipleModelMethod=\"{method}\", and its models predict no categories");
        }

        ModelResult result = isNumber ? new ModelResult(model.Plan, model.ValueType) : new ModelResult(model.Plan, segments[0].Unit.Result.Type).WithProbabilities(categories);
        return new EnsemblePlan(result, segmentation, segments, method);
    }

    public override void Evaluate(Frame frame)
    {
        double[] values = new double[_segments.Length];
        double[] weights = new double[_segments.Length];
        int[] which = new int[_segments.Length];
        int count = 0;
        double all = 0;
        double missing = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            Segment segment = _segments[i];
            if (segment.Predicate.Evaluate(frame) != Truth.True)
            {
                continue;
            }

            segment.Unit.Evaluate(frame);
            double value = frame[segment.Unit.Result.Value];
            double weight = !_isWeighted ? 1 : segment.VariableWeight is { } variable ? WeightOf(variable, frame) : segment.Weight;
            all += weight;
            if (Cell.IsMissing(value))
            {
                missing += weight;
                if (_missing == MissingPredictions.Return || (_missing == MissingPredictions.Continue && !IsVote))
                {
                    return;
                }

                continue;
            }

            (values[count], weights[count], which[count]) = (value, weight, i);
            count++;
        }

        if (count == 0 || missing > _missingThreshold * all)
        {
            return;
        }

        if (Result.Categories.Length > 0)
        {
            JoinCategories(frame, weights.AsSpan(0, count), which.AsSpan(0, count), _missing == MissingPredictions.Continue ? missing : 0);
        }
        else
        {
            frame[Result.Value] = JoinNumbers(values.AsSpan(0, count), weights.AsSpan(0, count));
        }
    }

    private static double WeightOf(Expression variable, Frame frame) => variable.Evaluate(frame) is var weight && double.IsNaN(weight)
        ? throw new EvaluationException("a segment has no weight")
        : weight;

    private double JoinNumbers(Span<double> values, Span<double> weights)
    {
        double sum = 0;
        double total = 0;
        double largest = double.NegativeInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            sum += weights[i] * values[i];
            total += weights[i];
            largest = Math.Max(largest, values[i]);
        }

        return _method switch
        {
            "sum" => sum,
            "max" => largest,
            "median" => WeightedMedian.Of(values, weights, total),
            _ => sum / total,
        };
    }

    private void JoinCategories(Frame frame, Span<double> weights, Span<int> which, double missing)
    {
        Span<double> scores = Result.ProbabilitiesOf(frame);
        scores.Clear();
        double total = 0;
        for (int i = 0; i < which.Length; i++)
        {
            ModelResult inner = _segments[which[i]].Unit.Result;
            int[] map = _maps[which[i]];
            total += weights[i];
            if (IsVote || inner.Probabilities < 0)
            {
                int voted = Result.IndexOf(frame[inner.Value]);
                if (voted >= 0)
                {
                    scores[voted] += weights[i];
                }

                continue;
            }

            Span<double> probabilities = inner.ProbabilitiesOf(frame);
            for (int c = 0; c < map.Length; c++)
            {
                scores[map[c]] += weights[i] * (Cell.IsMissing(probabilities[c]) ? 0 : probabilities[c]);
            }
        }

        if (missing > MissingPredictions.Most(scores))
        {
            scores.Fill(Cell.Missing);
            return;
        }

        if (_method is "max" or "median")
        {
            Prevail(frame, scores, weights, total, which);
            return;
        }

        if (_method != "sum")
        {
            foreach (ref double score in scores)
            {
                score /= total;
            }
        }

        Result.Decide(frame);
    }

    // The category whose largest (or middle) probability is the highest wins; the probabilities are the mean over the segments that gave this probability.
    private void Prevail(Frame frame, Span<double> scores, Span<double> weights, double total, Span<int> which)
    {
        double[] shares = new double[which.Length];
        double best = double.NegativeInfinity;
        int winner = 0;
        (double Low, double High) chosen = default;
        for (int category = 0; category < scores.Length; category++)
        {
            Shares(frame, category, which, shares);
            double[] sorted = [.. shares];
            (double low, double high) = _method == "max" ? (shares.Max(), shares.Max()) : WeightedMedian.Around(sorted, weights.ToArray(), total);
            if ((low + high) / 2 > best)
            {
                (best, winner, chosen) = ((low + high) / 2, category, (low, high));
            }
        }

        Shares(frame, winner, which, shares);
        bool[] counts = [.. shares.Select(share => share == chosen.Low || share == chosen.High)];
        int counted = counts.Count(static given => given);
        for (int category = 0; category < scores.Length; category++)
        {
            Shares(frame, category, which, shares);
            double sum = 0;
            for (int i = 0; i < shares.Length; i++)
            {
                sum += counts[i] ? shares[i] : 0;
            }

            scores[category] = sum / counted;
        }

        frame[Result.Value] = Result.Categories[winner];
    }

    // What each segment gives a category: its probability, or 1 where it has none and votes for it.
    private void Shares(Frame frame, int category, Span<int> which, double[] shares)
    {
        for (int i = 0; i < shares.Length; i++)
        {
            ModelResult inner = _segments[which[i]].Unit.Result;
            int place = Array.IndexOf(_maps[which[i]], category);
            double share = inner.Probabilities < 0 ? Result.IndexOf(frame[inner.Value]) == category ? 1 : 0
                : place < 0 ? 0 : frame[inner.Probabilities + place];
            shares[i] = Cell.IsMissing(share) ? 0 : share;
        }
    }
}
