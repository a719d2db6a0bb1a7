namespace Slipway.Pipelines.Expressions;

/// <summary>An expression whose kind is known.</summary>
/// <param name="Kind">What it gives.</param>
/// <param name="Node">Computes it; null while something in it is not known, so that it can be checked but not run.</param>
internal readonly record struct Compiled(ValueKind Kind, Node? Node)
{
    /// <summary>Steps for one row, at most.</summary>
    public long Cost => Node?.Cost ?? 1;

    /// <summary>An expression of whole numbers.</summary>
    public static Compiled Of(Node<long>? node) => new(ValueKind.Integer, node);

    /// <summary>An expression of numbers.</summary>
    public static Compiled Of(Node<double>? node) => new(ValueKind.Number, node);

    /// <summary>An expression of truths.</summary>
    public static Compiled Of(Node<bool>? node) => new(ValueKind.Truth, node);

    /// <summary>An expression of texts.</summary>
    public static Compiled Of(Node<string>? node) => new(ValueKind.Text, node);

    /// <summary>The node of a kind, whole numbers taken for numbers where numbers are wanted; null while it is not known.</summary>
    public Node<T>? As<T>() => Node switch
    {
        null => null,
        Node<T> own => own,
        Node<long> whole when typeof(T) == typeof(double) => (Node<T>)(object)new UnaryNode<long, double>(whole, static value => value) { Cost = whole.Cost + 1 },
        _ => throw new InvalidOperationException($"{Kind} is not {typeof(T).Name}"),
    };

    /// <summary>A function of one value; null while that is not known.</summary>
    public static Node<T>? Map<TOperand, T>(Compiled operand, Func<TOperand, T> function) =>
        operand.As<TOperand>() is { } node ? new UnaryNode<TOperand, T>(node, function) { Cost = node.Cost + 1 } : null;

    /// <summary>A function of two values; null while one is not known.</summary>
    public static Node<T>? Map<TLeft, TRight, T>(Compiled left, Compiled right, Func<TLeft, TRight, T> function) =>
        left.As<TLeft>() is { } a && right.As<TRight>() is { } b ? new BinaryNode<TLeft, TRight, T>(a, b, function) { Cost = a.Cost + b.Cost + 1 } : null;
}
