namespace Slipway.TensorFlow.Graphs;

/// <summary>Value of a node's attribute; which property is set says of what kind it is.</summary>
internal sealed class AttributeValue
{
    public byte[]? Bytes { get; init; }

    public long? Integer { get; init; }

    public float? Float { get; init; }

    public bool? Flag { get; init; }

    public TensorFlowType? Type { get; init; }

    public PartialShape? Shape { get; init; }

    /// <summary>A TensorProto as the file has it: read by <see cref="TensorReader"/> when it is needed.</summary>
    public ReadOnlyMemory<byte>? EncodedTensor { get; init; }

    /// <summary>Name of the call's attribute whose value is meant (in function bodies).</summary>
    public string? Placeholder { get; init; }

    /// <summary>Name of a function.</summary>
    public string? Function { get; init; }

    /// <summary>Attributes given to <see cref="Function"/>.</summary>
    public IReadOnlyDictionary<string, AttributeValue> FunctionAttributes { get; init; } = Empty;

    /// <summary>Elements of a list.</summary>
    public IReadOnlyList<AttributeValue>? List { get; init; }

    public static IReadOnlyDictionary<string, AttributeValue> Empty { get; } = new Dictionary<string, AttributeValue>();
}
