namespace Slipway.OnnxRuntime.Models;

/// <summary>What a model file says that the engine does not tell, or must not act upon unasked.</summary>
internal sealed class OnnxFacts
{
    /// <summary>Locations of external data that initializers of the main graph name.</summary>
    public HashSet<string> ExternalLocations { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a tensor elsewhere (in a subgraph, a function, an attribute) keeps its data in a file.</summary>
    public bool HasMisplacedExternalData { get; set; }

    /// <summary>Whether some operator quantises by the range of all values at hand (<see cref="DynamicQuantization"/>), so that rows run together change each other's answers.</summary>
    public bool QuantizesDynamically { get; set; }

    /// <summary>Inputs and outputs without a shape.</summary>
    public HashSet<string> Shapeless { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the classes that an output runs over, where the graph shows them.</summary>
    public Dictionary<string, IReadOnlyList<string>> ClassLabels { get; } = new(StringComparer.Ordinal);

    /// <summary>IR version of the file.</summary>
    public long IrVersion { get; set; }

    /// <summary>Producer's version, which the engine does not tell.</summary>
    public string ProducerVersion { get; set; } = "";

    /// <summary>Operator sets by domain; the default one is <c>ai.onnx</c>.</summary>
    public SortedDictionary<string, long> OperatorSets { get; } = new(StringComparer.Ordinal);
}
