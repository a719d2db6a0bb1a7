namespace Slipway.Pipelines.Expressions;

/// <summary>Something of a row's whole vector: read element by element through a node of one index.</summary>
/// <param name="variable">The vector.</param>
/// <param name="element">Reads the element that <paramref name="slot"/> says.</param>
/// <param name="slot">Slot of the index.</param>
/// <param name="seed">What is there before the first element.</param>
/// <param name="add">Takes one more element: what was there, the element, its index.</param>
/// <param name="end">Makes the value: what is there, and how many elements there were.</param>
internal sealed class VectorNode<TElement, TState, T>(
    Variable variable, Node<TElement> element, int slot, TState seed, Func<TState, TElement, long, TState> add, Func<TState, long, T> end) : Node<T>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, T[] into)
    {
        int width = VariableNodes.WidthOf(frame.Inputs[variable.Position]);
        TState[] states = new TState[into.Length];
        Array.Fill(states, seed);
        long[] index = frame.Rent<long>();
        TElement[] room = frame.Rent<TElement>();
        frame.Slots[slot] = index;
        for (int i = 0; i < width; i++)
        {
            foreach (int row in rows)
            {
                index[row] = i;
            }

            element.Run(frame, rows, room);
            foreach (int row in rows)
            {
                states[row] = add(states[row], room[row], i);
            }
        }

        foreach (int row in rows)
        {
            into[row] = end(states[row], width);
        }

        frame.Slots[slot] = null;
        frame.Return(room);
        frame.Return(index);
    }
}

/// <summary>How many elements a row's vector has.</summary>
internal sealed class WidthNode(Variable variable) : Node<long>
{
    /// <inheritdoc/>
    public override void Run(Frame frame, ReadOnlySpan<int> rows, long[] into)
    {
        int width = VariableNodes.WidthOf(frame.Inputs[variable.Position]);
        foreach (int row in rows)
        {
            into[row] = width;
        }
    }
}
