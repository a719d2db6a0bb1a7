using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>A lookup table, frozen to the entries that it is initialised or restored with.</summary>
internal sealed class LookupTable(string name)
{
    /// <summary>Name by which it is shared, or of its node.</summary>
    public string Name => name;

    /// <summary>Type of the keys as the graph says; null when it does not.</summary>
    public TensorFlowType? KeyType { get; set; }

    /// <summary>Type of the values as the graph says; null when it does not.</summary>
    public TensorFlowType? ValueType { get; set; }

    /// <summary>Keys, a vector; null before the table is initialised.</summary>
    public TensorData? Keys { get; private set; }

    /// <summary>Values, as many as keys.</summary>
    public TensorData? Values { get; private set; }

    /// <summary>Fills the table.</summary>
    public void Import(TensorData keys, TensorData values) => (Keys, Values) = (keys, values);
}
