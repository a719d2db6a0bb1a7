namespace Slipway.TensorFlow.Graphs;

/// <summary>The functions of a graph. A body is read when it is first asked for: most bodies of a training graph never are. Not thread-safe.</summary>
internal sealed class FunctionLibrary(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> encoded)
{
    private readonly Dictionary<string, GraphFunction> _read = new(StringComparer.Ordinal);

    /// <summary>Names of all functions.</summary>
    public IEnumerable<string> Names => encoded.Keys.Concat(_read.Keys).Distinct();

    /// <summary>Whether there is a function of this name.</summary>
    public bool Contains(string name) => encoded.ContainsKey(name) || _read.ContainsKey(name);

    /// <summary>Adds a function that was not in the file.</summary>
    public void Add(GraphFunction function) => _read.Add(function.Name, function);

    /// <summary>The function, or null.</summary>
    public GraphFunction? Find(string name)
    {
        if (!_read.TryGetValue(name, out GraphFunction? function) && encoded.TryGetValue(name, out ReadOnlyMemory<byte> bytes))
        {
            function = FunctionReader.Read(bytes);
            _read.Add(name, function);
        }

        return function;
    }
}
