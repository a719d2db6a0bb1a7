using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>
/// The one estimator of a pickle: the pickle itself, or the only estimator in a dictionary, tuple or list of which everything else is plain data (scores, names, arrays, tables), as people
/// save a model with notes. Where two things would have to work together, nothing tells how: then there is none.
/// </summary>
internal static class PickledModel
{
    private const int MaxDepth = 8;
    private const int MaxParts = 1_000_000;

    // Classes whose objects are data.
    private static readonly string[] DataModules = ["pandas.", "numpy.", "collections", "datetime", "decimal", "uuid", "builtins", "scipy.sparse"];

    /// <summary>Finds it.</summary>
    /// <param name="pickled">What the pickle holds.</param>
    /// <param name="path">Where the estimator is: its class name, or the way through the containers.</param>
    /// <returns>The estimator; null when there is none, or more than one.</returns>
    public static PickleObject? Find(object? pickled, out string path)
    {
        if (pickled is PickleObject { Entries: null, Items: null } root)
        {
            path = root.Type.Name;
            return root;
        }

        Search search = new();
        bool isPlain = search.Walk(pickled, "", 0);
        path = search.Path;
        return isPlain ? search.Found : null;
    }

    private sealed class Search
    {
        private int _parts;

        public PickleObject? Found { get; private set; }

        public string Path { get; private set; } = "";

        // Whether everything but one estimator is data.
        public bool Walk(object? value, string path, int depth)
        {
            if (depth > MaxDepth || ++_parts > MaxParts)
            {
                return false;
            }

            switch (value)
            {
                case PickleDict dict:
                    return WalkEntries(dict, path, depth);
                case PickleTuple tuple:
                    return WalkItems(tuple.Items, path, depth);
                case PickleList list:
                    return WalkItems(list.Items, path, depth);
                case PickleObject { Entries: { } entries } mapping when IsData(mapping):
                    return WalkEntries(entries, path, depth);
                case PickleObject target when IsData(target):
                    return true;
                case PickleObject target:
                    bool isFirst = Found is null || ReferenceEquals(Found, target);
                    (Found, Path) = Found is null ? (target, path) : (Found, Path);
                    return isFirst;
                case NumpyArray { Objects: { } objects }:
                    return WalkItems(objects, path, depth);
                default:
                    return true;
            }
        }

        private bool WalkEntries(PickleDict dict, string path, int depth) =>
            dict.Entries.All(entry => Walk(entry.Key, $"{path}[key]", depth + 1) && Walk(entry.Value, $"{path}['{PickledContents.Name(entry.Key)}']", depth + 1));

        private bool WalkItems(IReadOnlyList<object?> items, string path, int depth)
        {
            for (int i = 0; i < items.Count; i++)
            {
                if (!Walk(items[i], $"{path}[{i}]", depth + 1))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsData(PickleObject target) => DataModules.Any(module => target.Type.Module.StartsWith(module, StringComparison.Ordinal));
    }
}
