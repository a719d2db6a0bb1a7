namespace Slipway.Client.Inference;

/// <summary>A named tensor as it goes over the wire: little-endian, row-major, unpadded. Immutable.</summary>
/// <param name="Name">Name of the model's input or output.</param>
/// <param name="Datatype">Element type as Open Inference spells it, such as <c>FP32</c>.</param>
/// <param name="Shape">Shape; every dimension is 0 or more.</param>
/// <param name="Data">The elements' bytes. For <c>BYTES</c>: each element a 32-bit length and that many bytes.</param>
public sealed record ClientTensor(string Name, string Datatype, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>A tensor of 32-bit floats.</summary>
    public static ClientTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<float> values) =>
        new(name, "FP32", shape, WireValues.Pack(values));

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public long ElementCount => Shape.Aggregate(1L, (count, dimension) => checked(count * dimension));

    /// <summary>The element at <paramref name="index"/>, row-major, in its own type: a number, a truth value or a text.</summary>
    /// <exception cref="NotSupportedException">The datatype is not one of Open Inference's.</exception>
    public object this[long index] => WireValues.Read(Datatype, Data.Span, index);
}
