using Slipway.Core;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>
/// Checks how the objects of a model contain each other before anything walks along them: a file may make one contain itself, or share parts so that few bytes stand for more
/// estimators than a machine can hold.
/// </summary>
internal sealed class EstimatorNesting(EstimatorConverters converters)
{
    // The converters' own bound on estimators, and what containers lie between them.
    private const int MaxDepth = 256;

    // A forest of 10,000 trees for each of 20 outputs.
    private const long MaxEstimators = 200_000;

    private readonly Dictionary<object, long> _known = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Checks a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: something contains itself, is nested too deep, or holds too much.</exception>
    public void Check(PickleObject root)
    {
        if (Count(root, 0) > MaxEstimators)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the {root.Type.Name} holds more than {MaxEstimators} estimators, counting what is shared each time");
        }
    }

    // Estimators in a value, itself included; each value is looked at once. Saturates above the bound.
    private long Count(object? value, int depth)
    {
        if (value is null || !Holds(value))
        {
            return 0;
        }

        if (_known.TryGetValue(value, out long known))
        {
            return known;
        }

        if (depth > MaxDepth)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"objects of the model are nested more than {MaxDepth} deep");
        }

        if (!_open.Add(value))
        {
            // Helpers that no converter walks along may point back (the leaves of Birch's tree do).
            return value is PickleObject helper && !converters.Knows(helper) ? 0
                : throw new SlipwayException(ErrorCode.InvalidModel, $"a {(value as PickleObject)?.Type.Name ?? "list"} of the model contains itself");
        }

        long count = value is PickleObject { Type.Module: not "sklearn.tree._tree" } ? 1 : 0;
        foreach (object? part in Parts(value))
        {
            count = Math.Min(count + Count(part, depth + 1), MaxEstimators + 1);
        }

        _open.Remove(value);
        return _known[value] = count;
    }

    private static bool Holds(object value) => value switch
    {
        PickleObject target => target.Type.Module.Split('.')[0] is "sklearn" or "xgboost" or "lightgbm" or "catboost" or "imblearn",
        PickleList or PickleTuple or PickleDict => true,
        NumpyArray array => array.Objects is not null,
        _ => false,
    };

    private static IEnumerable<object?> Parts(object value) => value switch
    {
        PickleObject target => target.Attributes.Entries.Select(static entry => entry.Value).Concat(target.Items?.Items ?? []),
        PickleList list => list.Items,
        PickleTuple tuple => tuple.Items,
        PickleDict dict => dict.Entries.Select(static entry => entry.Value),
        NumpyArray array => array.Objects!,
        _ => [],
    };
}
