using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Sequences;

/// <summary>What happened at one time.</summary>
/// <param name="Time">When.</param>
/// <param name="Items">Values by field.</param>
internal sealed record Transaction(double Time, HashSet<SequenceItem> Items)
{
    /// <summary>Whether it has all of some items.</summary>
    public bool HasAll(SequenceItem[] items)
    {
        foreach (SequenceItem item in items)
        {
            if (!Items.Contains(item))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Reads the transactions of a row: lists of items side by side, and perhaps one of times. Immutable.</summary>
/// <param name="fields">Give the lists of items; as long as each other.</param>
/// <param name="order">Gives the list of times.</param>
/// <param name="orderType">Type of the times, which are given as text.</param>
internal sealed class TransactionReader(Expression[] fields, Expression order, PmmlType orderType)
{
    /// <summary>The transactions in the order of time; null when the row has none.</summary>
    /// <exception cref="EvaluationException">The lists do not fit each other, or a time is none.</exception>
    public Transaction[]? Read(Frame frame)
    {
        double[][] lists = [.. fields.Select(field => field.Evaluate(frame)).Where(static cell => !Cell.IsMissing(cell)).Select(frame.List)];
        if (lists.Length < fields.Length || lists[0].Length == 0)
        {
            return null;
        }

        double given = order.Evaluate(frame);
        double[] times = Cell.IsMissing(given) ? [] : frame.List(given);
        int count = lists[0].Length;
        if (Array.Exists(lists, list => list.Length != count) || (times.Length > 0 && times.Length != count))
        {
            throw new EvaluationException("the lists of a sequence are not equally long");
        }

        // Without times each item is a transaction, one unit of time after the one before it.
        SortedDictionary<double, Transaction> transactions = [];
        for (int i = 0; i < count; i++)
        {
            double time = times.Length == 0 ? i : TimeOf(frame.Symbols.Text(times[i]), frame);
            if (!transactions.TryGetValue(time, out Transaction? transaction))
            {
                transactions.Add(time, transaction = new Transaction(time, []));
            }

            for (int field = 0; field < lists.Length; field++)
            {
                transaction.Items.Add(new SequenceItem(field, lists[field][i]));
                transaction.Items.Add(new SequenceItem(-1, lists[field][i]));
            }
        }

        return [.. transactions.Values];
    }

    private double TimeOf(string text, Frame frame) => CellText.TryParse(text, orderType, frame.Symbols.Code, out double time) && !double.IsNaN(time)
        ? time
        : throw new EvaluationException("the time of an item is none");
}
