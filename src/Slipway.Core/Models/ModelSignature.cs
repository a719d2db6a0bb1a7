namespace Slipway.Core;

/// <summary>What a version takes and gives. Immutable; names are unique within inputs and within outputs.</summary>
public sealed class ModelSignature
{
    private readonly Dictionary<string, int> _inputIndex;
    private readonly Dictionary<string, int> _outputIndex;
    private readonly Lazy<ModelSignature?> _columns;
    private readonly Lazy<TensorSignature?> _matrix;

    /// <summary>Makes a signature.</summary>
    /// <exception cref="ArgumentException">Two inputs, or two outputs, have the same name.</exception>
    public ModelSignature(IReadOnlyList<TensorSignature> inputs, IReadOnlyList<TensorSignature> outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
        _inputIndex = Index(inputs);
        _outputIndex = Index(outputs);
        _columns = new Lazy<ModelSignature?>(() => TabularForms.Columns(this));
        _matrix = new Lazy<TensorSignature?>(() => TabularForms.Matrix(this));
    }

    /// <summary>Inputs in the model's order.</summary>
    public IReadOnlyList<TensorSignature> Inputs { get; }

    /// <summary>Outputs in the model's order.</summary>
    public IReadOnlyList<TensorSignature> Outputs { get; }

    /// <summary>Free-form metadata of the model file (producer, classes, feature names …).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether the first dimension of every input and output is a batch: rows are independent, so that requests may be run together.
    /// </summary>
    public bool IsBatchable { get; init; }

    /// <summary>
    /// Whether one request may bring any number of rows, which lie along the first dimension of every input and output. True of every model that <see cref="IsBatchable"/>, and of
    /// one whose rows may look at each other: whoever asks chooses which rows are run together, nobody else does.
    /// </summary>
    public bool HasRows { get => field || IsBatchable; init; }

    /// <summary>The same model as one that takes a column for each feature of its only input; null when it is not of that kind. See <see cref="TabularForms"/>.</summary>
    public ModelSignature? Columns => _columns.Value;

    /// <summary>The one matrix that can stand for all inputs of a model that takes a column for each feature; null when it is not of that kind. See <see cref="TabularForms"/>.</summary>
    public TensorSignature? Matrix => _matrix.Value;

    /// <summary>Position of the input named <paramref name="name"/>, or -1.</summary>
    public int IndexOfInput(string name) => _inputIndex.GetValueOrDefault(name, -1);

    /// <summary>Position of the output named <paramref name="name"/>, or -1.</summary>
    public int IndexOfOutput(string name) => _outputIndex.GetValueOrDefault(name, -1);

    private static Dictionary<string, int> Index(IReadOnlyList<TensorSignature> tensors)
    {
        Dictionary<string, int> index = new(tensors.Count, StringComparer.Ordinal);
        for (int i = 0; i < tensors.Count; i++)
        {
            if (!index.TryAdd(tensors[i].Name, i))
            {
                throw new ArgumentException($"two tensors are named '{tensors[i].Name}'", nameof(tensors));
            }
        }

        return index;
    }
}
