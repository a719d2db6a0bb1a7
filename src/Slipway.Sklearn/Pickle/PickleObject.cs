namespace Slipway.Sklearn.Pickle;

/// <summary>
/// An object as the file describes it: which callable or class it came from, with which arguments, and the state given to it afterwards. Inert: nothing is
/// constructed. Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>,
/// <see cref="string"/>, <see cref="PickleBytes"/>, <see cref="PickleTuple"/>, <see cref="PickleList"/>, <see cref="PickleDict"/>, <see cref="PickleSet"/>,
/// <see cref="PickleGlobal"/>, <see cref="NumpyDtype"/>, <see cref="NumpyArray"/> and <see cref="PickleObject"/>; they may refer to each other in cycles.
/// </summary>
internal sealed class PickleObject(PickleGlobal type, PickleTuple arguments)
{
    /// <summary>The class, or the function whose result this is.</summary>
    public PickleGlobal Type { get; } = type;

    /// <summary>What it was called with.</summary>
    public PickleTuple Arguments { get; } = arguments;

    /// <summary>Attributes set by BUILD with a dict (and the slots of a two-part state).</summary>
    public PickleDict Attributes { get; } = new();

    /// <summary>State given by BUILD when it is not a dict; null otherwise.</summary>
    public object? State { get; set; }

    /// <summary>Items appended, for list-like classes; null when there were none.</summary>
    public PickleList? Items { get; set; }

    /// <summary>Entries set, for dict-like classes; null when there were none.</summary>
    public PickleDict? Entries { get; set; }

    /// <summary>Attribute <paramref name="name"/>; null when it is absent or None.</summary>
    public object? this[string name] => Attributes.TryGet(name, out object? value) ? value : null;

    /// <summary>Whether the file gives the attribute, even as None.</summary>
    public bool Has(string name) => Attributes.TryGet(name, out _);

    /// <summary>Where the reader remembers the object, while it is an array without its data.</summary>
    public long? MemoKey { get; set; }

    /// <summary>
    /// Applies a BUILD: a dict sets attributes; a pair of dicts (or None) sets attributes and slots; anything else is kept as <see cref="State"/>.
    /// </summary>
    public void Apply(object? state)
    {
        switch (state)
        {
            case PickleDict dict:
                Take(dict);
                break;
            case PickleTuple { Count: 2 } pair when pair[0] is null or PickleDict && pair[1] is PickleDict slots:
                if (pair[0] is PickleDict first)
                {
                    Take(first);
                }

                Take(slots);
                break;
            default:
                State = state;
                break;
        }
    }

    private void Take(PickleDict dict)
    {
        foreach ((object? key, object? value) in dict.Entries)
        {
            Attributes.Set(key, value);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Type.FullName;
}
