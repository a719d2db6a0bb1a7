using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;

namespace Slipway.Pmml.Models.Mining;

/// <summary>Segments one after the other; each can use what those before it gave. The last one that takes part gives the result.</summary>
internal sealed class ChainPlan : SegmentedPlan
{
    private readonly bool _isAlways;

    private ChainPlan(ModelResult result, Segment[] segments, bool givesAll)
        : base(result, segments)
    {
        GivesAll = givesAll;
        _isAlways = segments.All(static segment => segment.IsAlways);
    }

    /// <summary>Whether the outputs of all segments are results, and not only those of the last one.</summary>
    public bool GivesAll { get; }

    public static ChainPlan Create(ModelContext model, Segment[] segments, bool givesAll = false) => new(ResultFor(model, segments), segments, givesAll);

    public override void Evaluate(Frame frame)
    {
        int last = -1;
        for (int i = 0; i < Segments.Length; i++)
        {
            if (Segments[i].Predicate.Evaluate(frame) == Truth.True)
            {
                Segments[i].Unit.Evaluate(frame);
                last = i;
            }
        }

        if (last >= 0)
        {
            TakeOver(last, frame);
        }
    }

    public override void EvaluateBlock(Frame frame, int rows)
    {
        if (!_isAlways)
        {
            base.EvaluateBlock(frame, rows);
            return;
        }

        foreach (Segment segment in Segments)
        {
            segment.Unit.EvaluateBlock(frame, rows);
        }

        for (int row = 0; row < rows; row++)
        {
            if (frame.Failures[row] is null)
            {
                frame.MoveTo(row);
                TakeOver(Segments.Length - 1, frame);
            }
        }
    }
}

/// <summary>The first segment that takes part.</summary>
internal sealed class SelectFirstPlan : SegmentedPlan
{
    private SelectFirstPlan(ModelResult result, Segment[] segments)
        : base(result, segments)
    {
    }

    public static SelectFirstPlan Create(ModelContext model, Segment[] segments) => new(ResultFor(model, segments).WithEntity(), segments);

    public override void Evaluate(Frame frame)
    {
        for (int i = 0; i < Segments.Length; i++)
        {
            if (Segments[i].Predicate.Evaluate(frame) == Truth.True)
            {
                Segments[i].Unit.Evaluate(frame);
                TakeOver(i, frame);
                frame[Result.Entity] = Segments[i].Id;
                return;
            }
        }
    }
}
