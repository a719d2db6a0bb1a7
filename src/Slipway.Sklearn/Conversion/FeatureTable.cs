using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Conversion;

/// <summary>
/// Features on their way through a model: one or more blocks of columns side by side, each <c>[N, width]</c>, of numbers (binary64) or text.
/// </summary>
internal sealed class FeatureTable
{
    // Stands for a column that the model says it never looks at.
    private static readonly Edge Unused = new("", OnnxDataType.Double, new TensorShape(-1, 1));

    private readonly IReadOnlyList<string> _names;

    private FeatureTable(IReadOnlyList<Edge> blocks, IReadOnlyList<string> names, FeatureStorage storage = FeatureStorage.Dense)
    {
        Blocks = blocks;
        _names = names;
        Storage = storage;
    }

    /// <summary>The blocks, left to right.</summary>
    public IReadOnlyList<Edge> Blocks { get; }

    /// <summary>How scikit-learn keeps the features here.</summary>
    public FeatureStorage Storage { get; }

    /// <summary>Number of columns.</summary>
    public int Width => (int)Blocks.Sum(static block => block.Width);

    /// <summary>Numbers.</summary>
    public static FeatureTable Of(Edge matrix) => new([matrix], []);

    /// <summary>Named columns, one block each.</summary>
    public static FeatureTable Of(IReadOnlyList<Edge> columns, IReadOnlyList<string> names) => new(columns, names);

    /// <summary>Named columns, one block each; null for a column that the model never looks at.</summary>
    public static FeatureTable OfUsed(IReadOnlyList<Edge?> columns, IReadOnlyList<string> names) => new([.. columns.Select(static column => column ?? Unused)], names);

    /// <summary>Tables side by side; stored as the sparsest of them.</summary>
    public static FeatureTable Join(IReadOnlyList<FeatureTable> tables) =>
        new([.. tables.SelectMany(static table => table.Blocks)], [], tables.Select(static table => table.Storage).DefaultIfEmpty().Max());

    /// <summary>The same features, stored otherwise.</summary>
    public FeatureTable As(FeatureStorage storage) => storage == Storage ? this : new FeatureTable(Blocks, _names, storage);

    /// <summary>All columns as one matrix of binary64.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when a column is text.</exception>
    public Edge ToMatrix(ConversionScope scope) => Blocks.Any(static block => block.Type == OnnxDataType.String)
        ? throw new SlipwayException(ErrorCode.NotSupported, "a column of text reaches an estimator that computes with numbers")
        : scope.Graph.Concat([.. Blocks.Select(block => scope.Graph.Cast(Known(block), OnnxDataType.Double))], -1);

    /// <summary>One column, <c>[N, 1]</c>, of its own type.</summary>
    public Edge Column(ConversionScope scope, int index)
    {
        int start = 0;
        foreach (Edge block in Blocks)
        {
            if (index < start + block.Width)
            {
                return scope.Graph.Columns(Known(block), [index - start]);
            }

            start += (int)block.Width;
        }

        throw new SlipwayException(ErrorCode.InvalidModel, $"the model refers to column {index} of {Width}");
    }

    /// <summary>The given columns, in that order.</summary>
    public FeatureTable Select(ConversionScope scope, IReadOnlyList<int> columns) => Blocks.Count == 1
        ? Of(scope.Graph.Columns(Blocks[0], [.. columns.Select(static column => (long)column)])).As(Storage)
        : new([.. columns.Select(column => Column(scope, column))], [.. columns.Where(column => column < _names.Count).Select(column => _names[column])], Storage);

    /// <summary>Position of the column of that name, or -1.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            if (_names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static Edge Known(Edge block) => block.Name.Length > 0 ? block
        : throw new SlipwayException(ErrorCode.InvalidModel, "the model looks at a column that its ColumnTransformer leaves out");
}
