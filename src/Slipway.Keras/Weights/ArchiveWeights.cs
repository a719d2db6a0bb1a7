using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Keras.Hdf5;
using Slipway.Keras.Models;

namespace Slipway.Keras.Weights;

/// <summary>
/// Weights as <c>model.weights.h5</c> in a .keras archive has them: a group for each layer, named after its class and counted within its model
/// (<c>layers/dense_1/vars/0</c>), variables numbered in the order in which the layer makes them.
/// </summary>
internal sealed partial class ArchiveWeights(Hdf5Object root, string path, Func<string, string?> readAsset) : LayerWeights
{
    /// <inheritdoc/>
    public override int Count => Variables?.Names.Count ?? 0;

    private Hdf5Object? Variables => Find(path.Length == 0 ? "vars" : $"{path}/vars");

    /// <inheritdoc/>
    public override WeightArray[] Bind(LayerConfig layer, IReadOnlyList<string> names)
    {
        Hdf5Object? group = Variables;
        int count = group?.Names.Count ?? 0;
        if (count != names.Count)
        {
            throw layer.Invalid($"it should have {names.Count} weights ({string.Join(", ", names)}) and the file has {count} at '{path}'");
        }

        return [.. names.Select((name, i) =>
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            Hdf5Object variable = group!.Find(number) ?? throw layer.Invalid($"its weight {number} ({name}) is missing at '{path}'");
            return new WeightArray($"{path}/vars/{number} ({name})", variable.AsDataset());
        })];
    }

    /// <inheritdoc/>
    public override LayerWeights Attribute(string attribute)
    {
        // Keras 3 visits public attributes first, earlier versions all in their order: private ones come before.
        string plain = Join(path, attribute);
        string hidden = Join(path, "_" + attribute);
        return new ArchiveWeights(root, Find(plain) is null && Find(hidden) is not null ? hidden : plain, readAsset);
    }

    /// <inheritdoc/>
    public override (LayerWeights Forward, LayerWeights Backward) Directions() => (Attribute("forward_layer"), Attribute("backward_layer"));

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, LayerWeights> OfModel(ModelGraph model)
    {
        // Keras 2.12 and 2.13 called the list of layers otherwise.
        string layers = Join(path, "layers");
        string older = Join(path, "_layer_checkpoint_dependencies");
        string list = Find(layers) is null && Find(older) is not null ? older : layers;
        LayerConfig[] members = [.. model.Layers.Select(static layer => layer.Layer).Where(layer => !layer.ClassName.StartsWith("ops.", StringComparison.Ordinal) && !(model.Kind == "Sequential" && layer.ClassName == "InputLayer"))];
        List<string> paths = PathsIn(list, members);
        return members.Select((layer, i) => (layer.Name, Weights: (LayerWeights)new ArchiveWeights(root, paths[i], readAsset))).ToDictionary(static pair => pair.Name, static pair => pair.Weights);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerWeights> Items(string attribute, IReadOnlyList<LayerConfig> layers) =>
        [.. PathsIn(Join(path, attribute), layers).Select(item => new ArchiveWeights(root, item, readAsset))];

    /// <inheritdoc/>
    public override string? Asset(string name) => readAsset($"assets/{path}/{name}");

    /// <summary>A class name as Keras turns it into a name: <c>Conv2DTranspose</c> is <c>conv2d_transpose</c>.</summary>
    internal static string SnakeCase(string className)
    {
        string name = NotWord().Replace(className, "");
        name = BeforeCapital().Replace(name, "$1_$2");
        return BetweenCases().Replace(name, "$1_$2").ToLowerInvariant();
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : $"{first}/{second}";

    private List<string> PathsIn(string list, IReadOnlyList<LayerConfig> layers)
    {
        Dictionary<string, int> used = [];
        List<string> paths = [];
        foreach (LayerConfig layer in layers)
        {
            string name = SnakeCase(layer.ClassName);
            if (used.TryGetValue(name, out int count))
            {
                used[name] = count + 1;
                name = string.Create(CultureInfo.InvariantCulture, $"{name}_{count + 1}");
            }
            else
            {
                used.Add(name, 0);
            }

            paths.Add(Join(list, name));
        }

        return Find(list) is { } group ? Existing(group, list, layers, paths) : paths;
    }

    // Some versions counted layers with weights twice, so that numbers are left out: the order is the same.
    private static List<string> Existing(Hdf5Object group, string list, IReadOnlyList<LayerConfig> layers, List<string> paths)
    {
        HashSet<string> names = [.. group.Names];
        foreach (IGrouping<string, int> members in Enumerable.Range(0, layers.Count).GroupBy(i => SnakeCase(layers[i].ClassName)))
        {
            int[] positions = [.. members];
            if (Array.TrueForAll(positions, i => names.Contains(paths[i][(list.Length + 1)..])))
            {
                continue;
            }

            string[] found = [.. names.Where(name => NumberOf(name, members.Key) >= 0).OrderBy(name => NumberOf(name, members.Key))];
            for (int i = 0; found.Length == positions.Length && i < found.Length; i++)
            {
                paths[positions[i]] = Join(list, found[i]);
            }
        }

        return paths;
    }

    // dense is 0, dense_3 is 3, dense_features is another class.
    private static int NumberOf(string name, string snakeCase)
    {
        if (name == snakeCase)
        {
            return 0;
        }

        return name.StartsWith(snakeCase + "_", StringComparison.Ordinal) && int.TryParse(name.AsSpan(snakeCase.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
    }

    // Some versions joined names with backslashes on Windows: the whole path is then one name.
    private Hdf5Object? Find(string name)
    {
        if (root.Find(name) is { } found)
        {
            return found;
        }

        bool hasVars = name.EndsWith("/vars", StringComparison.Ordinal);
        string whole = (hasVars ? name[..^5] : name).Replace('/', '\\');
        return root.Find(whole) is { } group ? hasVars ? group.Find("vars") : group : null;
    }

    [GeneratedRegex(@"\W+")]
    private static partial Regex NotWord();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex BeforeCapital();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex BetweenCases();
}
