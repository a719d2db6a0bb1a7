namespace Slipway.Pipelines.Expressions;

/// <summary>A compiled expression: computes its value for some rows of a block at a time. Immutable.</summary>
internal abstract class Node
{
    /// <summary>Steps for one row, at most.</summary>
    public long Cost { get; init; } = 1;
}

/// <summary>A compiled expression of a kind: <see cref="long"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="string"/>.</summary>
internal abstract class Node<T> : Node
{
    /// <summary>Computes.</summary>
    /// <param name="frame">The block.</param>
    /// <param name="rows">The rows wanted, counted from the block's first; no other is touched.</param>
    /// <param name="into">Takes the values, each at its row.</param>
    public abstract void Run(Frame frame, ReadOnlySpan<int> rows, T[] into);
}

/// <summary>The same for every row.</summary>
internal sealed class ConstantNode<T>(T value) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        foreach (int row in rows)
        {
            into[row] = value;
        }
    }
}

/// <summary>A value that has a name.</summary>
internal sealed class SlotNode<T>(int slot) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        T[] values = (T[])frame.Slots[slot]!;
        foreach (int row in rows)
        {
            into[row] = values[row];
        }
    }
}

/// <summary>Gives a value a name while another is computed.</summary>
internal sealed class LetNode<TValue, T>(int slot, Node<TValue> value, Node<T> body) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        TValue[] room = frame.Rent<TValue>();
        value.Run(frame, rows, room);
        frame.Slots[slot] = room;
        body.Run(frame, rows, into);
        frame.Slots[slot] = null;
        frame.Return(room);
    }
}

/// <summary>A function of one value.</summary>
internal sealed class UnaryNode<TOperand, T>(Node<TOperand> operand, Func<TOperand, T> function) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        frame.ThrowIfOver();
        TOperand[] room = frame.Rent<TOperand>();
        operand.Run(frame, rows, room);
        foreach (int row in rows)
        {
            into[row] = function(room[row]);
        }

        frame.Return(room);
    }
}

/// <summary>A function of two values.</summary>
internal sealed class BinaryNode<TLeft, TRight, T>(Node<TLeft> left, Node<TRight> right, Func<TLeft, TRight, T> function) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        frame.ThrowIfOver();
        TLeft[] lefts = frame.Rent<TLeft>();
        TRight[] rights = frame.Rent<TRight>();
        left.Run(frame, rows, lefts);
        right.Run(frame, rows, rights);
        foreach (int row in rows)
        {
            into[row] = function(lefts[row], rights[row]);
        }

        frame.Return(rights);
        frame.Return(lefts);
    }
}

/// <summary>One of two values for each row; only the one that is wanted is computed.</summary>
internal sealed class ChoiceNode<T>(Node<bool> condition, Node<T> then, Node<T> otherwise) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        bool[] truths = frame.Rent<bool>();
        int[] chosen = frame.Rent<int>();
        condition.Run(frame, rows, truths);
        RunWhere(frame, rows, truths, true, chosen, then, into);
        RunWhere(frame, rows, truths, false, chosen, otherwise, into);
        frame.Return(chosen);
        frame.Return(truths);
    }

    private static void RunWhere(Frame frame, ReadOnlySpan<int> rows, bool[] truths, bool wanted, int[] chosen, Node<T> node, T[] into)
    {
        int count = 0;
        foreach (int row in rows)
        {
            if (truths[row] == wanted)
            {
                chosen[count++] = row;
            }
        }

        if (count > 0)
        {
            node.Run(frame, chosen.AsSpan(0, count), into);
        }
    }
}

/// <summary>Whether any of some conditions holds; one after the other, each only for the rows that none before it has decided.</summary>
internal sealed class AnyNode(IReadOnlyList<Node<bool>> conditions) : Node<bool>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, bool[] into)
    {
        bool[] truths = frame.Rent<bool>();
        int[] left = frame.Rent<int>();
        rows.CopyTo(left);
        int count = rows.Length;
        for (int i = 0; i < conditions.Count && count > 0; i++)
        {
            conditions[i].Run(frame, left.AsSpan(0, count), truths);
            int kept = 0;
            for (int k = 0; k < count; k++)
            {
                int row = left[k];
                into[row] = truths[row];
                if (!truths[row])
                {
                    left[kept++] = row;
                }
            }

            count = kept;
        }

        frame.Return(left);
        frame.Return(truths);
    }
}

/// <summary><c>sum(body for i in from..to)</c> and its like: the body for one value of the name after the other.</summary>
internal sealed class FoldNode<TBody, T>(int slot, long from, long to, Node<TBody> body, T seed, Func<T, TBody, T> add) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        long[] index = frame.Rent<long>();
        TBody[] room = frame.Rent<TBody>();
        frame.Slots[slot] = index;
        foreach (int row in rows)
        {
            into[row] = seed;
        }

        for (long i = from; i < to; i++)
        {
            frame.ThrowIfOver();
            foreach (int row in rows)
            {
                index[row] = i;
            }

            body.Run(frame, rows, room);
            foreach (int row in rows)
            {
                into[row] = add(into[row], room[row]);
            }
        }

        frame.Slots[slot] = null;
        frame.Return(room);
        frame.Return(index);
    }
}
