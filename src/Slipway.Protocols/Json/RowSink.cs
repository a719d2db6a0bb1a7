using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Collects the values of one input row by row; all rows have the shape of the first. Owns the memory until <see cref="ToTensor"/>.</summary>
internal sealed class RowSink(TensorSignature input, long capacity) : IDisposable
{
    private readonly TensorJsonSink _sink = TensorJsonSink.Create(input.Name, input.DataType, capacity, fixedSize: false, base64: true);
    private long[]? _shape;

    /// <summary>The input.</summary>
    public TensorSignature Input => input;

    /// <summary>Rows read.</summary>
    public int Rows { get; private set; }

    /// <summary>Elements to make room for at first: a guess from the length of the text that is left.</summary>
    public static long Guess(in JsonCursor cursor, int inputs) => Math.Clamp((cursor.Text.Length - cursor.Position) / 6 / Math.Max(1, inputs), 4, 1 << 22);

    /// <summary>Reads the value of the next row: a scalar, or arrays.</summary>
    /// <exception cref="RaggedArrayException">Another shape than the first row's.</exception>
    public void ReadRow(ref JsonCursor cursor)
    {
        int depth = cursor.Peek() == '[' ? NestedArray.MeasureDepth(cursor) : 0;
        if (_shape is null)
        {
            _shape = new long[depth];
            Array.Fill(_shape, -1);
        }
        else if (_shape.Length != depth)
        {
            cursor.Fail($"nested {depth} deep where {_shape.Length} was expected");
        }

        if (depth == 0)
        {
            _sink.ReadScalar(ref cursor);
        }
        else
        {
            NestedArray.Read(ref cursor, _sink, _shape);
        }

        Rows++;
    }

    /// <summary>Hands over the tensor: the rows on top of the shape of one.</summary>
    public Tensor ToTensor() => _sink.ToTensor(new TensorShape([Rows, .. _shape ?? []]));

    /// <summary>Hands over the tensor of a single value that is no row.</summary>
    public Tensor ToSingle() => _sink.ToTensor(new TensorShape(_shape ?? []));

    /// <inheritdoc/>
    public void Dispose() => _sink.Dispose();
}
