using Slipway.Keras.Hdf5;
using Slipway.Keras.Models;

namespace Slipway.Keras.Weights;

/// <summary>
/// Weights as the <c>model_weights</c> group of an .h5 file has them: a list of names for each layer of the outermost model, layers inside it included. A variable is found
/// by the end of its name (<c>dense/kernel:0</c>); where names do not tell, as those of Keras 1, by its place.
/// </summary>
internal sealed class LegacyWeights : LayerWeights
{
    private readonly IReadOnlyList<Entry> _entries;

    private LegacyWeights(IReadOnlyList<Entry> entries)
    {
        _entries = entries;
    }

    /// <summary>Weights of all layers of the outermost model.</summary>
    /// <param name="group">The <c>model_weights</c> group, or the root where there is none.</param>
    public static Dictionary<string, LayerWeights> Read(Hdf5Object group)
    {
        Dictionary<string, LayerWeights> layers = new(StringComparer.Ordinal);
        foreach (string layer in group.Texts("layer_names") ?? throw KerasFault.Invalid("its weights have no list of layers ('layer_names')"))
        {
            Hdf5Object inner = group.Find(layer) ?? throw KerasFault.Invalid($"the weights of layer '{layer}' are missing");
            List<Entry> entries = [];
            foreach (string name in inner.Texts("weight_names") ?? [])
            {
                Hdf5Object found = inner.Find(name) ?? throw KerasFault.Invalid($"the weight '{name}' of layer '{layer}' is missing");
                entries.Add(new Entry(name, found.AsDataset()));
            }

            layers[layer] = new LegacyWeights(entries);
        }

        return layers;
    }

    /// <summary>A layer without weights.</summary>
    public static LegacyWeights None { get; } = new([]);

    /// <inheritdoc/>
    public override int Count => _entries.Count;

    /// <inheritdoc/>
    public override WeightArray[] Bind(LayerConfig layer, IReadOnlyList<string> names)
    {
        if (_entries.Count != names.Count)
        {
            throw layer.Invalid($"it should have {names.Count} weights ({string.Join(", ", names)}) and the file has {_entries.Count}");
        }

        // By name only when every name is there exactly once; otherwise the order tells, as in Keras.
        Dictionary<string, Entry> byName = [];
        foreach (Entry entry in _entries)
        {
            byName[entry.Variable] = entry;
        }

        bool named = byName.Count == names.Count && names.All(byName.ContainsKey);
        return [.. names.Select((name, i) => named ? byName[name] : _entries[i]).Select(static entry => new WeightArray(entry.Name, entry.Data))];
    }

    /// <inheritdoc/>
    public override LayerWeights Attribute(string attribute)
    {
        // The vector that SpectralNormalization keeps for training is none of the wrapped layer's.
        if (attribute == "layer" && _entries.Any(static entry => entry.Variable is "sn_u" or "vector_u"))
        {
            return new LegacyWeights([.. _entries.Where(static entry => entry.Variable is not ("sn_u" or "vector_u"))]);
        }

        // Only the parts of attention layers are told apart here; cells and wrapped layers have all that their owner has.
        string part = attribute switch
        {
            "query_dense" => "query",
            "key_dense" => "key",
            "value_dense" => "value",
            "output_dense" => "attention_output",
            _ => "",
        };
        return part.Length == 0 ? this : new LegacyWeights([.. _entries.Where(entry => entry.Parts.Contains(part))]);
    }

    /// <inheritdoc/>
    public override (LayerWeights Forward, LayerWeights Backward) Directions()
    {
        int half = _entries.Count / 2;
        return _entries.Count % 2 == 0
            ? (new LegacyWeights([.. _entries.Take(half)]), new LegacyWeights([.. _entries.Skip(half)]))
            : throw KerasFault.Invalid("a bidirectional layer has an odd number of weights");
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, LayerWeights> OfModel(ModelGraph model)
    {
        HashSet<string> names = [.. model.Layers.Select(static layer => layer.Layer.Name)];
        Dictionary<string, List<Entry>> found = [];
        foreach (Entry entry in _entries)
        {
            string owner = entry.Parts.FirstOrDefault(names.Contains)
                ?? throw KerasFault.NotSupported($"the weight '{entry.Name}' of the model '{model.Name}' can't be told to belong to one of its layers; save the model as .keras instead");
            if (!found.TryGetValue(owner, out List<Entry>? list))
            {
                found.Add(owner, list = []);
            }

            list.Add(entry);
        }

        return found.ToDictionary(static pair => pair.Key, static LayerWeights (pair) => new LegacyWeights(pair.Value));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Items(string attribute, IReadOnlyList<LayerConfig> layers)
    {
        // Cells of one stack have the same number of weights each unless their options differ; those are told by their names.
        List<IGrouping<string, Entry>> groups = [.. _entries.GroupBy(static entry => string.Join('/', entry.Parts.SkipLast(1)))];
        return groups.Count == layers.Count
            ? [.. groups.Select(static group => new LegacyWeights([.. group]))]
            : throw KerasFault.NotSupported("the weights of a stack of cells can't be told apart; save the model as .keras instead");
    }

    private sealed record Entry(string Name, Hdf5Dataset Data)
    {
        /// <summary>The name cut at slashes.</summary>
        public string[] Parts { get; } = Name.Split('/', StringSplitOptions.RemoveEmptyEntries);

        /// <summary>The variable's own name, without TensorFlow's number of the output.</summary>
        public string Variable => Parts.Length == 0 ? "" : Parts[^1].Split(':')[0];
    }
}
