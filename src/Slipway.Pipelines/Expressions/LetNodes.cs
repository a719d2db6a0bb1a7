namespace Slipway.Pipelines.Expressions;

/// <summary>Makes the nodes of <c>let a = b in c</c>.</summary>
internal static class LetNodes
{
    /// <summary>A node for a value of one kind and a body of any.</summary>
    public static Compiled Make<TValue>(int slot, Node<TValue> value, Compiled body) => body.Node switch
    {
        Node<long> node => Compiled.Of(new LetNode<TValue, long>(slot, value, node) { Cost = value.Cost + node.Cost }),
        Node<double> node => Compiled.Of(new LetNode<TValue, double>(slot, value, node) { Cost = value.Cost + node.Cost }),
        Node<bool> node => Compiled.Of(new LetNode<TValue, bool>(slot, value, node) { Cost = value.Cost + node.Cost }),
        Node<string> node => Compiled.Of(new LetNode<TValue, string>(slot, value, node) { Cost = value.Cost + node.Cost }),
        _ => body,
    };
}
