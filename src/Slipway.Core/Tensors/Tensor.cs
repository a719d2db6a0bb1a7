namespace Slipway.Core;

/// <summary>
/// A named tensor: bytes, an element type and a shape. Little-endian, row-major, unpadded; strings are packed as
/// <see cref="TensorDataType.String"/> says. The bytes must not change while the tensor lives.
/// A tensor may own its memory: then it is disposed once, by whoever owns the tensor, and its bytes are gone. Not thread-safe for disposal; reading is.
/// </summary>
public sealed class Tensor : IDisposable
{
    private IDisposable? _owner;

    /// <summary>Makes a tensor over <paramref name="data"/>.</summary>
    /// <param name="name">Name of the model's input or output.</param>
    /// <param name="dataType">Element type.</param>
    /// <param name="shape">Shape with every dimension 0 or more.</param>
    /// <param name="data">Exactly the bytes of the elements.</param>
    /// <param name="owner">Released with the tensor; null when the memory belongs to somebody else or to the garbage collector.</param>
    public Tensor(string name, TensorDataType dataType, TensorShape shape, ReadOnlyMemory<byte> data, IDisposable? owner = null)
    {
        Name = name;
        DataType = dataType;
        Shape = shape;
        Data = data;
        _owner = owner;
    }

    /// <summary>Name of the model's input or output.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public TensorDataType DataType { get; }

    /// <summary>Shape; every dimension is 0 or more.</summary>
    public TensorShape Shape { get; }

    /// <summary>The elements' bytes. Not valid after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public long ElementCount => Shape.TryGetElementCount(out long count) ? count : throw new InvalidOperationException($"shape {Shape} has no size");

    /// <summary>Releases the memory if the tensor owns it. Calling it again does nothing.</summary>
    public void Dispose()
    {
        IDisposable? owner = Interlocked.Exchange(ref _owner, null);
        if (owner is not null)
        {
            Data = default;
            owner.Dispose();
        }
    }
}
