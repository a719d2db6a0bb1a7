using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Predicates;

namespace Slipway.Pmml.Models.Trees;

/// <summary>What becomes of a row when the predicate of a node can't be decided for want of a value.</summary>
internal enum MissingStrategy
{
    None,
    LastPrediction,
    NullPrediction,
    DefaultChild,
    WeightedConfidence,
    AggregateNodes,
}

/// <summary>
/// A tree as a list of questions. Walking it touches nothing but the steps and the row's cells; fields that are computed on demand are computed before.
/// </summary>
internal sealed class TreeProgram
{
    private readonly List<TreeStep> _steps = [];
    private readonly List<CellSet> _sets = [];
    private readonly List<Predicate> _predicates = [];
    private readonly Dictionary<int, MemoExpression> _needs = [];
    private readonly MissingStrategy _strategy;
    private readonly bool _returnsLast;
    private readonly TreeStep[] _program;
    private readonly MemoExpression[] _fields;
    private readonly int _start;

    /// <summary>Compiles a tree.</summary>
    /// <param name="nodes">Its nodes, the root first.</param>
    /// <param name="strategy">Any strategy but those that join the outcomes of several children.</param>
    /// <param name="returnsLast">Whether a row that enters no child gets the result of the node it is at.</param>
    public TreeProgram(IReadOnlyList<TreeNode> nodes, MissingStrategy strategy, bool returnsLast)
    {
        (_strategy, _returnsLast) = (strategy, returnsLast);
        int[] entries = new int[nodes.Count];

        // Children come after their parents in document order: going backwards, every child is compiled when its parent is.
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            entries[i] = CompileChoice(nodes[i], entries);
        }

        _start = Question(nodes[0].Predicate, entries[0], TreeStep.NoResult, TreeStep.NoResult);
        _program = [.. _steps];
        _fields = [.. _needs.Values];
        Numeric = NumericTree.TryCreate(_program, _start);
    }

    /// <summary>The same tree for rows without missing values, where it only compares numbers; else null.</summary>
    public NumericTree? Numeric { get; }

    /// <summary>Computes the fields that the questions read.</summary>
    public void Prepare(Frame frame)
    {
        foreach (MemoExpression field in _fields)
        {
            field.Evaluate(frame);
        }
    }

    /// <summary>Whether fields have to be computed before the walk.</summary>
    public bool NeedsPreparation => _fields.Length > 0;

    /// <summary>Walks the tree for the current row.</summary>
    /// <returns>The place of the node that gives the result; -1 when none does.</returns>
    public int Walk(Frame frame) => Walk(frame, frame.Cells.AsSpan(frame.Base, frame.Width));

    /// <summary>Walks the tree for a row whose cells are given.</summary>
    /// <inheritdoc cref="Walk(Frame)"/>
    public int Walk(Frame frame, ReadOnlySpan<double> row)
    {
        TreeStep[] program = _program;
        int at = _start;
        while ((uint)at < (uint)program.Length)
        {
            ref TreeStep step = ref program[at];
            if (step.Test == TreeTest.AtMost)
            {
                double value = row[step.Slot];
                at = value <= step.Value ? step.Yes : value > step.Value ? step.No : step.Unknown;
            }
            else
            {
                at = Other(ref step, frame, row);
            }
        }

        return at == TreeStep.NoResult ? -1 : ~at;
    }

    private int Other(ref TreeStep step, Frame frame, ReadOnlySpan<double> row)
    {
        if (step.Test == TreeTest.Predicate)
        {
            return _predicates[step.Slot].Evaluate(frame) switch
            {
                Truth.True => step.Yes,
                Truth.False => step.No,
                _ => step.Unknown,
            };
        }

        double value = row[step.Slot];
        if (double.IsNaN(value))
        {
            return step.Test == TreeTest.Missing ? step.Yes : step.Unknown;
        }

        return step.Test switch
        {
            TreeTest.Equal => value == step.Value,
            TreeTest.Within => _sets[step.Set].Contains(value),
            _ => false,
        } ? step.Yes : step.No;
    }

    // The questions that choose among a node's children, compiled from the last to the first.
    private int CompileChoice(TreeNode node, int[] entries)
    {
        if (node.Children.Count == 0)
        {
            return ~node.Index;
        }

        int end = _returnsLast ? ~node.Index : TreeStep.NoResult;
        int next = end;
        for (int i = node.Children.Count - 1; i >= 0; i--)
        {
            TreeNode child = node.Children[i];
            bool isSettled = i == node.Children.Count - 2 && AreComplements(child.Predicate, node.Children[i + 1].Predicate);
            int no = isSettled ? entries[node.Children[i + 1].Index] : next;
            int unknown = _strategy switch
            {
                MissingStrategy.LastPrediction => ~node.Index,
                MissingStrategy.NullPrediction => TreeStep.NoResult,
                MissingStrategy.DefaultChild => node.DefaultChild is { } standIn ? entries[standIn.Index] : TreeStep.NoResult,
                _ => next,
            };

            // What one of two complements leaves unknown the other does too.
            if (isSettled && _strategy == MissingStrategy.None)
            {
                unknown = end;
            }

            next = Question(child.Predicate, entries[child.Index], no, unknown);
        }

        return next;
    }

    private int Question(Predicate predicate, int yes, int no, int unknown)
    {
        switch (predicate)
        {
            case ConstantPredicate:
                return ReferenceEquals(predicate, ConstantPredicate.True) ? yes : no;
            case SimplePredicate simple when SlotOf(simple.Value) is >= 0 and var slot:
                return Simple(simple, slot, yes, no, unknown);
            case SetPredicate set when SlotOf(set.Value) is >= 0 and var slot:
                _sets.Add(set.Members);
                return Add(new TreeStep
                {
                    Test = TreeTest.Within,
                    Slot = slot,
                    Set = _sets.Count - 1,
                    Yes = set.IsIn ? yes : no,
                    No = set.IsIn ? no : yes,
                    Unknown = unknown,
                });
            default:
                _predicates.Add(predicate);
                return Add(new TreeStep { Test = TreeTest.Predicate, Slot = _predicates.Count - 1, Yes = yes, No = no, Unknown = unknown });
        }
    }

    private int Simple(SimplePredicate simple, int slot, int yes, int no, int unknown)
    {
        double value = simple.Literal;
        return simple.Operation switch
        {
            PredicateOperator.LessOrEqual => AtMost(value, yes, no),
            PredicateOperator.Greater => AtMost(value, no, yes),

            // Less than a double is at most the double before it.
            PredicateOperator.Less => AtMost(Math.BitDecrement(value), yes, no),
            PredicateOperator.GreaterOrEqual => AtMost(Math.BitDecrement(value), no, yes),
            PredicateOperator.Equal => Add(new TreeStep { Test = TreeTest.Equal, Slot = slot, Value = value, Yes = yes, No = no, Unknown = unknown }),
            PredicateOperator.NotEqual => Add(new TreeStep { Test = TreeTest.Equal, Slot = slot, Value = value, Yes = no, No = yes, Unknown = unknown }),
            PredicateOperator.IsMissing => Add(new TreeStep { Test = TreeTest.Missing, Slot = slot, Yes = yes, No = no, Unknown = yes }),
            _ => Add(new TreeStep { Test = TreeTest.Missing, Slot = slot, Yes = no, No = yes, Unknown = no }),
        };

        int AtMost(double limit, int whenYes, int whenNo) =>
            Add(new TreeStep { Test = TreeTest.AtMost, Slot = slot, Value = limit, Yes = whenYes, No = whenNo, Unknown = unknown });
    }

    private int Add(TreeStep step)
    {
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private int SlotOf(Expression value)
    {
        switch (value)
        {
            case SlotExpression plain:
                return plain.Slot;
            case MemoExpression memo:
                _needs.TryAdd(memo.Slot, memo);
                return memo.Slot;
            default:
                return -1;
        }
    }

    private static bool AreComplements(Predicate left, Predicate right) => (left, right) switch
    {
        (SimplePredicate one, SimplePredicate two) => ReferenceEquals(one.Value, two.Value) && one.Literal.Equals(two.Literal)
            && (one.Operation, two.Operation) is
                (PredicateOperator.LessOrEqual, PredicateOperator.Greater) or (PredicateOperator.Greater, PredicateOperator.LessOrEqual)
                or (PredicateOperator.Less, PredicateOperator.GreaterOrEqual) or (PredicateOperator.GreaterOrEqual, PredicateOperator.Less)
                or (PredicateOperator.Equal, PredicateOperator.NotEqual) or (PredicateOperator.NotEqual, PredicateOperator.Equal),
        _ => false,
    };
}
