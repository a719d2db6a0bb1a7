using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>A variable of the model, frozen to the value that it is restored or initialised with.</summary>
internal sealed class Variable(string name, PartialShape shape)
{
    private Func<TensorData>? _read;
    private Term? _term;

    /// <summary>Name by which it is shared, or of its node.</summary>
    public string Name => name;

    /// <summary>What the graph says of its shape.</summary>
    public PartialShape Shape => shape;

    /// <summary>Whether it has a value.</summary>
    public bool IsInitialized => _read is not null;

    /// <summary>Its value, once it has been used.</summary>
    public TensorData? Value => _term?.Constant;

    /// <summary>Gives it a value; it is read when it is first needed.</summary>
    public void Assign(Func<TensorData> read) => (_read, _term) = (read, null);

    /// <summary>The value as a constant; null when it has none.</summary>
    public Term? Read(Draft draft) => _term ??= _read is null ? null : draft.Constant(_read());
}
