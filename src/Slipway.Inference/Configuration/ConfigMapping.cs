using System.Diagnostics.CodeAnalysis;

namespace Slipway.Inference.Configuration;

/// <summary>
/// Keys and values of a configuration file. Ask for every key that there is, then call <see cref="Finish"/>: what was never asked for is an unknown key.
/// </summary>
public sealed class ConfigMapping
{
    private readonly ConfigReader _reader;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    internal ConfigMapping(ConfigReader reader, string key, ConfigNode node)
    {
        (_reader, Key, Node) = (reader, key, node);
    }

    /// <summary>Full key; empty for the whole file.</summary>
    public string Key { get; }

    /// <summary>The mapping itself.</summary>
    public ConfigNode Node { get; }

    /// <summary>The value of a key when the key is there, even with nothing as its value.</summary>
    public bool TryGet(string key, [MaybeNullWhen(false)] out ConfigValue value)
    {
        _asked.Add(key);
        ConfigNode? node = Node.Find(key);
        value = node is null ? default : new ConfigValue(_reader, Full(key), node);
        return node is not null;
    }

    /// <summary>Whether a key is there; it counts as asked for.</summary>
    public bool Has(string key) => TryGet(key, out _);

    /// <summary>Reads a key with <paramref name="read"/>; <paramref name="otherwise"/> when it is absent or wrong.</summary>
    public T Get<T>(string key, Func<ConfigValue, T?> read, T otherwise)
        where T : struct => TryGet(key, out ConfigValue value) && read(value) is { } result ? result : otherwise;

    /// <summary>Reads a key with <paramref name="read"/>; <paramref name="otherwise"/> when it is absent or wrong.</summary>
    public T GetObject<T>(string key, Func<ConfigValue, T?> read, T otherwise)
        where T : class? => TryGet(key, out ConfigValue value) && read(value) is { } result ? result : otherwise;

    /// <summary>All keys, each counted as asked for: for mappings whose keys are the user's own.</summary>
    public IEnumerable<KeyValuePair<string, ConfigValue>> All()
    {
        foreach (ConfigField field in Node.Fields)
        {
            _asked.Add(field.Key);
            yield return new(field.Key, new ConfigValue(_reader, Full(field.Key), field.Value));
        }
    }

    /// <summary>Notes a problem for every key that nobody asked for, with the nearest known one.</summary>
    public void Finish()
    {
        foreach (ConfigField field in Node.Fields)
        {
            if (!_asked.Contains(field.Key))
            {
                _reader.Report(new ConfigProblem(Full(field.Key), $"unknown key{NearestKey.Hint(field.Key, _asked)}", field.Line, field.Column));
            }
        }
    }

    private string Full(string key) => Key.Length == 0 ? key : $"{Key}.{key}";
}
