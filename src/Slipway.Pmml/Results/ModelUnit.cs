using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Results;

/// <summary>A model with what goes on around it: corrections of the predicted value (<c>Targets</c>) and output fields. Immutable and thread-safe.</summary>
internal sealed class ModelUnit
{
    private readonly ModelPlan _plan;
    private readonly TargetCorrection? _correction;
    private readonly int _done;

    public ModelUnit(ModelPlan plan, string? targetName, DataField? target, TargetCorrection? correction, int done)
    {
        (_plan, TargetName, Target, _correction, _done) = (plan, targetName, target, correction, done);
    }

    /// <summary>Name of the field that the model predicts; null when it has none.</summary>
    public string? TargetName { get; }

    /// <summary>That field in the data dictionary.</summary>
    public DataField? Target { get; }

    /// <summary>The model itself.</summary>
    public ModelPlan Plan => _plan;

    /// <summary>Its result.</summary>
    public ModelResult Result => _plan.Result;

    /// <summary>Its output fields, in order.</summary>
    public List<OutputColumn> Outputs { get; } = [];

    /// <summary>Output fields of models within it that callers get as well.</summary>
    public List<OutputColumn> InnerOutputs { get; } = [];

    /// <summary>Further fields that it predicts, by name: other targets of its own, and targets of models within it.</summary>
    public Dictionary<string, Expression> FurtherTargets { get; } = new(StringComparer.Ordinal);

    /// <summary>A value that is there only when the model has run for the row.</summary>
    public Expression WhenDone(Expression value)
    {
        int done = _done;
        return new DelegateExpression(value.Type, frame => frame[done] == 1 ? value.Evaluate(frame) : Cell.Missing);
    }

    /// <summary>Evaluates the model for the current row.</summary>
    public void Evaluate(Frame frame)
    {
        _plan.Evaluate(frame);
        Finish(frame);
    }

    /// <summary>Evaluates the model for the first rows of the frame.</summary>
    public void EvaluateBlock(Frame frame, int rows)
    {
        _plan.EvaluateBlock(frame, rows);
        for (int row = 0; row < rows; row++)
        {
            frame.MoveTo(row);
            Finish(frame);
        }
    }

    private void Finish(Frame frame)
    {
        frame[_done] = 1;
        if (_correction is not null)
        {
            frame[Result.Value] = _correction.Apply(frame[Result.Value], frame, Result);
        }
    }
}
