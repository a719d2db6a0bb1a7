using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Mining;

/// <summary>What mining models that take over the result of one segment have in common.</summary>
internal abstract class SegmentedPlan(ModelResult result, Segment[] segments) : ModelPlan(result)
{
    private readonly int[][] _maps =
    [
        .. segments.Select(segment => segment.Unit.Result.Categories.Select(result.IndexOf).ToArray()),
    ];

    /// <summary>The segments.</summary>
    public Segment[] Segments => segments;

    /// <summary>Categories of all segments, those of the last one first.</summary>
    public static IEnumerable<double> CategoriesOf(IEnumerable<Segment> segments) =>
        segments.Reverse().SelectMany(static segment => segment.Unit.Result.Categories).Distinct();

    /// <summary>Takes over what a segment found for the current row.</summary>
    protected void TakeOver(int index, Frame frame)
    {
        ModelResult inner = segments[index].Unit.Result;
        double value = frame[inner.Value];
        frame[Result.Value] = Cell.IsMissing(value) || inner.Type == Result.Type || (inner.Type.IsNumber && Result.Type.IsNumber)
            ? value
            : Conversion.Convert(value, inner.Type, Result.Type, frame);
        if (Result.Probabilities < 0)
        {
            return;
        }

        int[] map = _maps[index];
        Span<double> probabilities = Result.ProbabilitiesOf(frame);
        if (inner.Probabilities >= 0)
        {
            for (int i = 0; i < map.Length; i++)
            {
                probabilities[map[i]] = frame[inner.Probabilities + i];
            }
        }

        int confidences = inner.Confidences >= 0 ? inner.Confidences : inner.Probabilities;
        if (Result.Confidences >= 0 && confidences >= 0)
        {
            for (int i = 0; i < map.Length; i++)
            {
                frame[Result.Confidences + map[i]] = frame[confidences + i];
            }
        }
    }

    /// <summary>A result that can hold what any of the segments finds.</summary>
    protected static ModelResult ResultFor(ModelContext model, Segment[] segments)
    {
        ModelResult last = segments[^1].Unit.Result;
        ModelResult result = new(model.Plan, model.Target is null ? last.Type : model.ValueType);
        double[] categories = [.. CategoriesOf(segments)];
        if (categories.Length > 0)
        {
            result.WithProbabilities(categories).WithConfidences();
        }

        return result;
    }
}
