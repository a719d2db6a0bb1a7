using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>
/// Collects the rows of one input. A row is added whole or not at all: <see cref="Commit"/> keeps what was put since the last commit.
/// </summary>
internal abstract class InputColumn(BoundInput input) : IDisposable
{
    /// <summary>The input and the columns that feed it.</summary>
    protected BoundInput Input { get; } = input;

    /// <summary>Elements in a row once known; -1 before the first row of an input with dimensions of free size.</summary>
    protected int RowElements { get; private set; } = input.RowElements;

    /// <summary>Dimensions of one row once known.</summary>
    protected long[] RowShape { get; private set; } = input.RowShape;

    /// <summary>Makes the column that suits the input's datatype.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: rows can't carry the datatype.</exception>
    public static InputColumn Create(BoundInput input) => input.Signature.DataType switch
    {
        TensorDataType.Float32 => new NumberColumn<float, Float32Codec>(input),
        TensorDataType.Float64 => new NumberColumn<double, Float64Codec>(input),
        TensorDataType.Float16 => new NumberColumn<Half, Float16Codec>(input),
        TensorDataType.BFloat16 => new NumberColumn<ushort, BFloat16Codec>(input),
        TensorDataType.Int64 => new NumberColumn<long, IntegerCodec<long>>(input),
        TensorDataType.Int32 => new NumberColumn<int, IntegerCodec<int>>(input),
        TensorDataType.Int16 => new NumberColumn<short, IntegerCodec<short>>(input),
        TensorDataType.Int8 => new NumberColumn<sbyte, IntegerCodec<sbyte>>(input),
        TensorDataType.UInt64 => new NumberColumn<ulong, IntegerCodec<ulong>>(input),
        TensorDataType.UInt32 => new NumberColumn<uint, IntegerCodec<uint>>(input),
        TensorDataType.UInt16 => new NumberColumn<ushort, IntegerCodec<ushort>>(input),
        TensorDataType.UInt8 => new NumberColumn<byte, IntegerCodec<byte>>(input),
        TensorDataType.Bool => new NumberColumn<byte, BoolCodec>(input),
        TensorDataType.String => new StringColumn(input),
        var other => throw new SlipwayException(ErrorCode.NotSupported, $"input '{input.Signature.Name}' is {other.ToName()}, which rows can't carry"),
    };

    /// <summary>Starts over with no rows; a shape that the rows gave is forgotten.</summary>
    public virtual void Reset()
    {
        RowElements = Input.RowElements;
        RowShape = Input.RowShape;
    }

    /// <summary>Puts one row of CSV.</summary>
    /// <returns>-1, or the element whose cell can't be read.</returns>
    public abstract int PutCells(ReadOnlySpan<byte> block, ReadOnlySpan<CsvField> fields);

    /// <summary>
    /// Puts a row of plain numbers with nothing but delimiters between them, in one pass over its bytes. False, with nothing put, for a row of any other kind.
    /// </summary>
    /// <param name="block">The bytes.</param>
    /// <param name="position">Where the row begins; moved to its line feed.</param>
    /// <param name="delimiter">Byte between cells.</param>
    public virtual bool TryPutPlainRow(ReadOnlySpan<byte> block, ref int position, byte delimiter) => false;

    /// <summary>Makes every element of the row under construction missing.</summary>
    public abstract void Clear();

    /// <summary>Puts the JSON value at the reader into one element of the row.</summary>
    public abstract bool TryPutJson(ref Utf8JsonReader reader, int element);

    /// <summary>Adds the JSON value at the reader behind those put since <see cref="Clear"/>, for rows whose size is not known yet.</summary>
    public abstract bool TryAppendJson(ref Utf8JsonReader reader);

    /// <summary>The first element that must have a value and has none, or -1.</summary>
    public abstract int FindMissing();

    /// <summary>
    /// Takes the shape of a row with free dimensions. False when rows of another shape are there already: the row belongs into the next batch.
    /// </summary>
    public bool TryTakeShape(long[] shape, int elements, int rows)
    {
        if (rows > 0 && RowElements >= 0)
        {
            return RowShape.AsSpan().SequenceEqual(shape);
        }

        RowShape = shape;
        RowElements = elements;
        return true;
    }

    /// <summary>Keeps the row.</summary>
    public abstract void Commit();

    /// <summary>Makes the tensor of all rows, owning its memory.</summary>
    public abstract Tensor ToTensor(int rows);

    /// <summary>Gives the memory back.</summary>
    public abstract void Dispose();

    /// <summary>The tensor's shape.</summary>
    protected TensorShape ShapeOf(int rows) => Input.Leading switch
    {
        LeadingDimension.Rows => new TensorShape([rows, .. RowShape]),
        LeadingDimension.One => new TensorShape([1, .. RowShape]),
        _ => new TensorShape(RowShape),
    };
}
