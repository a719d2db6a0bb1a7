using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Results;

/// <summary>A compiled model element. Immutable and thread-safe: everything that changes is in the frame.</summary>
internal abstract class ModelPlan(ModelResult result)
{
    /// <summary>Where the result is left.</summary>
    public ModelResult Result => result;

    /// <summary>Evaluates the model for the current row.</summary>
    /// <exception cref="EvaluationException">The row has no result.</exception>
    public abstract void Evaluate(Frame frame);

    /// <summary>Evaluates the model for the first <paramref name="rows"/> rows of the frame. A row without a result is marked, the others go on.</summary>
    public virtual void EvaluateBlock(Frame frame, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            if (frame.Failures[row] is null)
            {
                frame.MoveTo(row);
                try
                {
                    Evaluate(frame);
                }
                catch (EvaluationException fault)
                {
                    frame.Failures[row] = fault.Message;
                }
            }
        }
    }

    /// <summary>The value of a target for a model that predicts several; null for others.</summary>
    public virtual Expression? Target(string name) => null;

    /// <summary>An output feature that this kind of model has beyond those that all have; null when it has none such.</summary>
    public virtual Expression? Feature(OutputRequest request) => null;
}
