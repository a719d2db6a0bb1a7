using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>
/// A fitted scikit-learn estimator as the file holds it: typed access to its attributes, with errors that say which estimator lacks what.
/// Attribute names and their meaning are scikit-learn's (versions 1.0 and later).
/// </summary>
internal sealed class Estimator
{
    private readonly PickleObject _node;

    /// <summary>Wraps an object of the file.</summary>
    /// <param name="node">The object.</param>
    /// <param name="path">Where it is in the model, for errors: <c>Pipeline.steps[1]</c>.</param>
    public Estimator(PickleObject node, string path)
    {
        _node = node;
        Path = path;
    }

    /// <summary>Class name without its module.</summary>
    public string ClassName => _node.Type.Name;

    /// <summary>Module of the class.</summary>
    public string Module => _node.Type.Module;

    /// <summary>Where it is in the model.</summary>
    public string Path { get; }

    /// <summary>scikit-learn's version that wrote it; 0.0 when the file does not say.</summary>
    public Version Version => _node["_sklearn_version"] is string text && Version.TryParse(Numeric(text), out Version? version) ? version : new Version(0, 0);

    /// <summary>Whether an older version wrote it; false when the file does not say.</summary>
    public bool IsOlderThan(Version version) => Version > new Version(0, 0) && Version < version;

    /// <summary>Number of features it was fitted on; null when it does not say.</summary>
    public int? FeatureCount => PickleNumbers.TryToInt64(_node["n_features_in_"], out long count) || PickleNumbers.TryToInt64(_node["n_features_"], out count) ? (int)count : null;

    /// <summary>Names of the features when it was fitted on a data frame; empty otherwise.</summary>
    public IReadOnlyList<string> FeatureNames => Has("feature_names_in_") ? [.. Objects("feature_names_in_").OfType<string>()]
        : ClassName == "Pipeline" && FirstStep is { } step ? step.FeatureNames
        : [];

    // A pipeline keeps no names itself: its first step was fitted on the features.
    private Estimator? FirstStep => (Items(_node["steps"]) ?? [])
        .Select(static step => Items(step) is [_, PickleObject node] ? node : null)
        .Where(static node => node is not null)
        .Select(node => new Estimator(node!, $"{Path}.steps"))
        .FirstOrDefault();

    /// <summary>Whether the attribute is there and not None.</summary>
    public bool Has(string name) => _node[name] is not null;

    /// <summary>The attribute as the file has it; null when absent or None.</summary>
    public object? Raw(string name) => _node[name];

    /// <summary>A text attribute; null when it is absent or something else.</summary>
    public string? Text(string name) => _node[name] as string;

    /// <summary>A truth value; <paramref name="otherwise"/> when absent.</summary>
    public bool Flag(string name, bool otherwise = false) =>
        PickleNumbers.TryToDouble(_node[name], out double number) ? number != 0 : otherwise;

    /// <summary>A whole number.</summary>
    public long Integer(string name) => PickleNumbers.TryToInt64(_node[name], out long number) ? number : throw Missing(name, "a whole number");

    /// <summary>A number; an array of one element counts as one.</summary>
    public double Number(string name) => _node[name] switch
    {
        NumpyArray { Count: 1 } array => array.ToDoubles()[0],
        var value when PickleNumbers.TryToDouble(value, out double number) => number,
        _ => throw Missing(name, "a number"),
    };

    /// <summary>A number; <paramref name="otherwise"/> when it is absent or None.</summary>
    public double Number(string name, double otherwise) => Has(name) ? Number(name) : otherwise;

    /// <summary>All numbers of an array, row by row; a single number counts as an array of one.</summary>
    public double[] Vector(string name) => _node[name] switch
    {
        NumpyArray array => array.ToDoubles(),
        var value when PickleNumbers.TryToDouble(value, out double number) => [number],
        _ => throw Missing(name, "an array of numbers"),
    };

    /// <summary>A matrix; a vector counts as one row.</summary>
    public Matrix Matrix(string name) => AsMatrix(_node[name]) ?? throw Missing(name, "a matrix");

    /// <summary>Whole numbers of an array or list.</summary>
    public long[] Integers(string name) => _node[name] switch
    {
        NumpyArray array => array.ToInt64s(),
        PickleList list when list.Items.All(static item => PickleNumbers.TryToInt64(item, out _)) => [.. list.Items.Select(static item => PickleNumbers.TryToInt64(item, out long value) ? value : 0)],
        _ => throw Missing(name, "an array of whole numbers"),
    };

    /// <summary>Items of a list, tuple or array, as objects.</summary>
    public object?[] Objects(string name) => Items(_node[name]) ?? throw Missing(name, "a list");

    /// <summary>The classes of each of several outputs: a list of arrays.</summary>
    public IReadOnlyList<ClassLabels> ClassLists(string name) =>
        [.. Objects(name).Select(item => ClassLabels.FromObjects(Items(item) ?? throw Missing(name, "a list of arrays of classes")))];

    /// <summary>An array of the file.</summary>
    public NumpyArray Array(string name) => _node[name] as NumpyArray ?? throw Missing(name, "an array");

    /// <summary>Another estimator kept in an attribute.</summary>
    public Estimator Child(string name) => _node[name] is PickleObject child ? new Estimator(child, $"{Path}.{name}") : throw Missing(name, "an estimator");

    /// <summary>The first of several attributes that holds an estimator (names differ by version).</summary>
    public Estimator Child(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_node[name] is PickleObject)
            {
                return Child(name);
            }
        }

        throw Missing(names[0], "an estimator");
    }

    /// <summary>Estimators kept in a list or array.</summary>
    public IReadOnlyList<Estimator> Children(string name)
    {
        object?[] items = Objects(name);
        Estimator[] children = new Estimator[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            children[i] = items[i] is PickleObject node ? new Estimator(node, $"{Path}.{name}[{i}]") : throw Missing(name, "a list of estimators");
        }

        return children;
    }

    /// <summary>An estimator out of a value that was found inside an attribute.</summary>
    public Estimator? AsChild(object? value, string name) => value is PickleObject node ? new Estimator(node, $"{Path}.{name}") : null;

    /// <summary>The error for an option that this reader does not convert.</summary>
    public SlipwayException NotSupported(string what) =>
        new(ErrorCode.NotSupported, $"{Path} ({ClassName}): {what} is not supported; convert the model with the tool that made it, or leave the option out");

    /// <summary>The error for an attribute that should be there.</summary>
    public SlipwayException Missing(string name, string expected) =>
        new(ErrorCode.InvalidModel, $"{Path} ({ClassName}): attribute '{name}' should be {expected}; is the estimator fitted?");

    /// <summary>Items of a list, tuple, set or array; null for anything else.</summary>
    public static object?[]? Items(object? value) => value switch
    {
        PickleList list => [.. list.Items],
        PickleTuple tuple => tuple.Items,
        PickleSet set => [.. set.Items],
        PickleObject { Items: { } list } => [.. list.Items],
        PickleObject target when target["data"] is PickleList data => [.. data.Items],
        NumpyArray array => array.ToObjects(),
        _ => null,
    };

    /// <summary>A matrix out of an array or a SciPy CSR matrix; null for anything else.</summary>
    public static Matrix? AsMatrix(object? value)
    {
        switch (value)
        {
            case NumpyArray { Shape.Length: <= 2 } array:
                return new Matrix(array.ToDoubles(), array.Shape.Length == 2 ? (int)array.Shape[0] : 1, array.Shape.Length == 0 ? 1 : (int)array.Shape[^1]);
            case PickleObject { Type.Module: var module } sparse when module.StartsWith("scipy.sparse", StringComparison.Ordinal):
                return SparseMatrix.ToDense(sparse);
            default:
                return null;
        }
    }

    // "1.2.1", "1.3.dev0", "1.5.0rc1" → the leading numbers
    private static string Numeric(string text)
    {
        IEnumerable<string> parts = text.Split('.').TakeWhile(static part => part.All(char.IsAsciiDigit) && part.Length > 0).Take(3);
        string numeric = string.Join('.', parts);
        return numeric.Contains('.', StringComparison.Ordinal) ? numeric : numeric + ".0";
    }
}
