using Slipway.Core;
using Slipway.Pipelines.Tensors;

namespace Slipway.Pipelines.Expressions;

/// <summary>Where a block of rows is computed: its inputs, the values that have names, and room for those that have none. For one thread.</summary>
internal sealed class Frame(IReadOnlyList<Tensor> inputs, int slots, int size, CancellationToken cancellationToken)
{
    private readonly Stack<long[]> _integers = [];
    private readonly Stack<double[]> _numbers = [];
    private readonly Stack<bool[]> _truths = [];
    private readonly Stack<string[]> _texts = [];
    private readonly Stack<int[]> _rows = [];
    private readonly (int Start, int Length)[]?[] _strings = new (int, int)[]?[inputs.Count];

    /// <summary>The inputs.</summary>
    public IReadOnlyList<Tensor> Inputs => inputs;

    /// <summary>The row that the block begins with.</summary>
    public int Start { get; set; }

    /// <summary>Values with names, by slot: arrays over the rows of the block.</summary>
    public Array?[] Slots { get; } = new Array?[slots];

    /// <summary>Ends what nobody waits for any more; asked before every piece of work on a block.</summary>
    public void ThrowIfOver() => cancellationToken.ThrowIfCancellationRequested();

    /// <summary>Room for a value, or for numbers of rows; contents are arbitrary. To be given back.</summary>
    public T[] Rent<T>() => StackOf<T>().TryPop(out T[]? array) ? array : new T[size];

    /// <summary>Gives room back.</summary>
    public void Return<T>(T[] array) => StackOf<T>().Push(array);

    /// <summary>Where the strings of an input lie; found once.</summary>
    public (int Start, int Length)[] Strings(int input) => _strings[input] ??= StringElements.Locate(inputs[input]);

    private Stack<T[]> StackOf<T>() =>
        typeof(T) == typeof(long) ? (Stack<T[]>)(object)_integers
        : typeof(T) == typeof(double) ? (Stack<T[]>)(object)_numbers
        : typeof(T) == typeof(bool) ? (Stack<T[]>)(object)_truths
        : typeof(T) == typeof(string) ? (Stack<T[]>)(object)_texts
        : (Stack<T[]>)(object)_rows;
}
