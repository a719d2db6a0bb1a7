using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>One definition of a program: computes its value into its slot.</summary>
internal abstract class RuleStep(string name, bool isOutput, long cost)
{
    /// <summary>Whether it is an output.</summary>
    public bool IsOutput => isOutput;

    /// <summary>Steps for one row, at most.</summary>
    public long Cost => cost;

    /// <summary>A step for a node of any kind.</summary>
    public static RuleStep Of(string name, int slot, Node node, bool isOutput) => node switch
    {
        Node<long> own => new Step<long>(name, slot, own, isOutput),
        Node<double> own => new Step<double>(name, slot, own, isOutput),
        Node<bool> own => new Step<bool>(name, slot, own, isOutput),
        _ => new Step<string>(name, slot, (Node<string>)node, isOutput),
    };

    /// <summary>Computes a block.</summary>
    public void Run(Frame frame, ReadOnlySpan<int> rows, ColumnWriter? writer)
    {
        try
        {
            Compute(frame, rows, writer);
        }
        catch (SlipwayException failure)
        {
            throw new SlipwayException(failure.Code, $"'{name}': {failure.Message}", failure);
        }
    }

    /// <summary>Computes a block.</summary>
    protected abstract void Compute(Frame frame, ReadOnlySpan<int> rows, ColumnWriter? writer);

    private sealed class Step<T>(string name, int slot, Node<T> node, bool isOutput) : RuleStep(name, isOutput, node.Cost)
    {
        protected override void Compute(Frame frame, ReadOnlySpan<int> rows, ColumnWriter? writer)
        {
            T[] values = (T[]?)frame.Slots[slot] ?? frame.Rent<T>();
            frame.Slots[slot] = values;
            node.Run(frame, rows, values);
            ((ColumnWriter<T>?)writer)?.Write(values.AsSpan(0, rows.Length));
        }
    }
}
