using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Models.Sequences;

/// <summary>How an itemset of a sequence follows the one before it (<c>Delimiter</c>).</summary>
internal enum SequenceLink
{
    /// <summary>In the same transaction (<c>sameTimeWindow</c>).</summary>
    Same,

    /// <summary>In the transaction right after it (<c>acrossTimeWindows</c> without a gap).</summary>
    Next,

    /// <summary>In any later transaction (<c>acrossTimeWindows</c>, whether there is a gap or it is not known).</summary>
    Later,
}

/// <summary>One itemset of a sequence.</summary>
/// <param name="Items">Items that a transaction must have, all of them.</param>
/// <param name="Link">How it follows the one before it; without meaning for the first.</param>
/// <param name="Separation">How much time may lie between the two.</param>
internal sealed record SequenceStep(SequenceItem[] Items, SequenceLink Link, TimeSpanRange Separation);

/// <summary>Bounds of a time that passes, both included.</summary>
internal readonly record struct TimeSpanRange(double Least, double Most)
{
    /// <summary>No bounds.</summary>
    public static TimeSpanRange Any => new(0, double.PositiveInfinity);

    /// <summary>Whether anything is excluded.</summary>
    public bool IsAny => Least <= 0 && double.IsPositiveInfinity(Most);

    /// <summary>Whether a time is within.</summary>
    public bool Contains(double time) => time >= Least && time <= Most;
}

/// <summary>A sequence of itemsets, and the time that it may take as a whole. Immutable.</summary>
internal sealed record SequencePattern(SequenceStep[] Steps, TimeSpanRange Total)
{
    // Pairs of transactions that a row may make a model look at, all patterns together: about a second.
    private const long MaxWork = 200_000_000;

    /// <summary>The other sequence after this one.</summary>
    /// <param name="other">The other.</param>
    /// <param name="link">How its first itemset follows this sequence's last.</param>
    /// <param name="separation">How much time may lie between.</param>
    public SequencePattern Then(SequencePattern other, SequenceLink link, TimeSpanRange separation) =>
        this with { Steps = [.. Steps, other.Steps[0] with { Link = link, Separation = separation }, .. other.Steps[1..]] };

    /// <summary>Whether the transactions have the sequence.</summary>
    /// <param name="transactions">In the order of time.</param>
    /// <param name="work">Counts what has been looked at for the row.</param>
    /// <exception cref="EvaluationException">The row is too long for the model.</exception>
    public bool OccursIn(Transaction[] transactions, ref long work)
    {
        bool[][] holds = Array.ConvertAll(Steps, step => Array.ConvertAll(transactions, transaction => transaction.HasAll(step.Items)));
        if (Array.Exists(holds, static places => !places.Contains(true)))
        {
            return false;
        }

        if (Total.IsAny)
        {
            return Array.Exists(Reach(transactions, holds, holds[0], ref work), static reached => reached);
        }

        // Where the whole is bounded, each beginning is a case of its own.
        for (int start = 0; start < transactions.Length; start++)
        {
            if (!holds[0][start])
            {
                continue;
            }

            bool[] from = new bool[transactions.Length];
            from[start] = true;
            bool[] ends = Reach(transactions, holds, from, ref work);
            for (int end = start; end < ends.Length; end++)
            {
                if (ends[end] && Total.Contains(transactions[end].Time - transactions[start].Time))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // The transactions where the last itemset can be, when the first is at one of those given.
    private bool[] Reach(Transaction[] transactions, bool[][] holds, bool[] reached, ref long work)
    {
        for (int step = 1; step < Steps.Length; step++)
        {
            bool[] next = new bool[transactions.Length];
            for (int from = 0; from < transactions.Length; from++)
            {
                if (!reached[from])
                {
                    continue;
                }

                (int first, int last) = Steps[step].Link switch
                {
                    SequenceLink.Same => (from, from),
                    SequenceLink.Next => (from + 1, from + 1),
                    _ => (from + 1, transactions.Length - 1),
                };
                work += Math.Max(1, last - first + 1);
                if (work > MaxWork)
                {
                    throw new EvaluationException("the row has too many transactions for the model's sequences");
                }

                for (int to = first; to <= last && to < transactions.Length; to++)
                {
                    next[to] |= holds[step][to] && (to == from || Steps[step].Separation.Contains(transactions[to].Time - transactions[from].Time));
                }
            }

            reached = next;
        }

        return reached;
    }
}
