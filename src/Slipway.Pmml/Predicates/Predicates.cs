using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Predicates;

/// <summary>How a value is compared with a literal.</summary>
internal enum PredicateOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsMissing,
    IsNotMissing,
}

/// <summary>How predicates are joined.</summary>
internal enum CompoundOperator
{
    And,
    Or,
    Xor,

    /// <summary>The first that is not unknown.</summary>
    Surrogate,
}

/// <summary>Always the same.</summary>
internal sealed class ConstantPredicate(Truth truth) : Predicate
{
    public static readonly ConstantPredicate True = new(Truth.True);
    public static readonly ConstantPredicate False = new(Truth.False);

    public override Truth Evaluate(Frame frame) => truth;
}

/// <summary>Compares a value with a literal of its type.</summary>
internal sealed class SimplePredicate(Expression value, PredicateOperator operation, double literal) : Predicate
{
    public Expression Value => value;

    public PredicateOperator Operation => operation;

    public double Literal => literal;

    public override Truth Evaluate(Frame frame)
    {
        double cell = value.Evaluate(frame);
        if (operation is PredicateOperator.IsMissing or PredicateOperator.IsNotMissing)
        {
            return Cell.IsMissing(cell) == (operation == PredicateOperator.IsMissing) ? Truth.True : Truth.False;
        }

        if (double.IsNaN(cell))
        {
            return Truth.Unknown;
        }

        return operation switch
        {
            PredicateOperator.Equal => cell == literal,
            PredicateOperator.NotEqual => cell != literal,
            PredicateOperator.Less => cell < literal,
            PredicateOperator.LessOrEqual => cell <= literal,
            PredicateOperator.Greater => cell > literal,
            _ => cell >= literal,
        } ? Truth.True : Truth.False;
    }
}

/// <summary>Compares a text with another by the order of their characters.</summary>
internal sealed class TextOrderPredicate(Expression value, PredicateOperator operation, string literal) : Predicate
{
    public override Truth Evaluate(Frame frame)
    {
        double cell = value.Evaluate(frame);
        if (Cell.IsMissing(cell))
        {
            return Truth.Unknown;
        }

        int order = string.CompareOrdinal(frame.Symbols.Text(cell), literal);
        return operation switch
        {
            PredicateOperator.Less => order < 0,
            PredicateOperator.LessOrEqual => order <= 0,
            PredicateOperator.Greater => order > 0,
            _ => order >= 0,
        } ? Truth.True : Truth.False;
    }
}

/// <summary>Whether a value is among others.</summary>
internal sealed class SetPredicate(Expression value, CellSet members, bool isIn) : Predicate
{
    public Expression Value => value;

    public CellSet Members => members;

    public bool IsIn => isIn;

    public override Truth Evaluate(Frame frame)
    {
        double cell = value.Evaluate(frame);
        return Cell.IsMissing(cell) ? Truth.Unknown : members.Contains(cell) == isIn ? Truth.True : Truth.False;
    }
}

/// <summary>Several predicates in three-valued logic.</summary>
internal sealed class CompoundPredicate(Predicate[] parts, CompoundOperator operation) : Predicate
{
    public override Truth Evaluate(Frame frame) => operation switch
    {
        CompoundOperator.And => Decide(frame, Truth.False),
        CompoundOperator.Or => Decide(frame, Truth.True),
        CompoundOperator.Xor => Xor(frame),
        _ => First(frame),
    };

    private Truth Decide(Frame frame, Truth decisive)
    {
        bool isUnknown = false;
        foreach (Predicate part in parts)
        {
            Truth truth = part.Evaluate(frame);
            if (truth == decisive)
            {
                return decisive;
            }

            isUnknown |= truth == Truth.Unknown;
        }

        return isUnknown ? Truth.Unknown : decisive == Truth.True ? Truth.False : Truth.True;
    }

    private Truth Xor(Frame frame)
    {
        bool odd = false;
        foreach (Predicate part in parts)
        {
            Truth truth = part.Evaluate(frame);
            if (truth == Truth.Unknown)
            {
                return Truth.Unknown;
            }

            odd ^= truth == Truth.True;
        }

        return odd ? Truth.True : Truth.False;
    }

    private Truth First(Frame frame)
    {
        foreach (Predicate part in parts)
        {
            Truth truth = part.Evaluate(frame);
            if (truth != Truth.Unknown)
            {
                return truth;
            }
        }

        return Truth.Unknown;
    }
}
