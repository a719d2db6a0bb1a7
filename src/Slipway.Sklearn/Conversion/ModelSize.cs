using System.Globalization;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>How large what a model learned is, for people: its steps, trees and support vectors. What is shared counts once.</summary>
internal sealed class ModelSize
{
    private const int MaxDepth = 256;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private long _trees;
    private long _nodes;
    private long _vectors;

    /// <summary>Counts what is in a pickle.</summary>
    public static ModelSize Of(object? pickled)
    {
        ModelSize size = new();
        size.Add(pickled, 0);
        return size;
    }

    /// <summary>Writes <c>trees</c>, <c>tree_nodes</c> and <c>support_vectors</c>, as far as there are any.</summary>
    public void AddTo(Dictionary<string, string> metadata)
    {
        foreach ((string name, long count) in new[] { ("trees", _trees), ("tree_nodes", _nodes), ("support_vectors", _vectors) })
        {
            if (count > 0)
            {
                metadata[name] = count.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private void Add(object? value, int depth)
    {
        if (value is not (PickleObject or PickleList or PickleTuple or PickleDict or NumpyArray { Objects: not null }) || depth > MaxDepth || !_seen.Add(value))
        {
            return;
        }

        if (value is PickleObject target)
        {
            Count(target);
        }

        IEnumerable<object?> parts = value switch
        {
            PickleObject owner => owner.Attributes.Entries.Select(static entry => entry.Value),
            PickleList list => list.Items,
            PickleTuple tuple => tuple.Items,
            PickleDict dict => dict.Entries.Select(static entry => entry.Value),
            _ => ((NumpyArray)value).Objects!,
        };
        foreach (object? part in parts)
        {
            Add(part, depth + 1);
        }
    }

    private void Count(PickleObject target)
    {
        if (target.Type.Name is "Tree" or "TreePredictor" && target["nodes"] is NumpyArray { Shape: [var nodes] })
        {
            _trees++;
            _nodes += nodes;
        }

        if (target["support_"] is NumpyArray { Shape: [var vectors] } && target["dual_coef_"] is not null)
        {
            _vectors += vectors;
        }
    }
}
