using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Mining;

/// <summary>The predictions of all segments that take part, as one text: a JSON array of strings.</summary>
internal sealed class SelectAllPlan : ModelPlan
{
    private readonly Segment[] _segments;

    private SelectAllPlan(ModelResult result, Segment[] segments)
        : base(result)
    {
        _segments = segments;
    }

    public static SelectAllPlan Create(ModelContext model, Segment[] segments) => new(new ModelResult(model.Plan, PmmlType.String), segments);

    public override void Evaluate(Frame frame)
    {
        List<string> values = [];
        foreach (Segment segment in _segments)
        {
            if (segment.Predicate.Evaluate(frame) == Truth.True)
            {
                segment.Unit.Evaluate(frame);
                ModelResult result = segment.Unit.Result;
                double value = frame[result.Value];
                values.Add(Cell.IsMissing(value) ? "" : CellText.Format(value, result.Type, frame.Symbols.Text));
            }
        }

        frame[Result.Value] = frame.Symbols.Code(TextList.Of(values));
    }
}
