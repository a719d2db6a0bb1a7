using Slipway.Pmml.Values;

namespace Slipway.Pmml.Evaluation;

/// <summary>Something that has a value for a row. Immutable and thread-safe: everything that changes is in the frame.</summary>
internal abstract class Expression(PmmlType type)
{
    /// <summary>Type of the value.</summary>
    public PmmlType Type => type;

    /// <summary>The value for the current row of the frame; <see cref="Cell.Missing"/> when there is none.</summary>
    /// <exception cref="EvaluationException">The value is not defined.</exception>
    public abstract double Evaluate(Frame frame);
}

/// <summary>The same value for every row.</summary>
internal sealed class ConstantExpression(double value, PmmlType type) : Expression(type)
{
    public double Value => value;

    public override double Evaluate(Frame frame) => value;
}

/// <summary>A cell that is filled before anybody reads it.</summary>
internal sealed class SlotExpression(int slot, PmmlType type) : Expression(type)
{
    public int Slot => slot;

    public override double Evaluate(Frame frame) => frame.Cells[frame.Base + slot];
}

/// <summary>A cell that is computed when it is read for the first time in a row.</summary>
internal sealed class MemoExpression(int slot, Expression source) : Expression(source.Type)
{
    public int Slot => slot;

    public Expression Source => source;

    public override double Evaluate(Frame frame)
    {
        double known = frame.Cells[frame.Base + slot];
        return Cell.IsPending(known) ? frame.Cells[frame.Base + slot] = source.Evaluate(frame) : known;
    }
}

/// <summary>An expression written in place.</summary>
internal sealed class DelegateExpression(PmmlType type, Func<Frame, double> evaluate) : Expression(type)
{
    public override double Evaluate(Frame frame) => evaluate(frame);
}
