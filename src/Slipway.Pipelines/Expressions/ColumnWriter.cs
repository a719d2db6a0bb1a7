using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>Takes the values of one output, block by block.</summary>
internal abstract class ColumnWriter
{
    /// <summary>A writer for an output.</summary>
    public static ColumnWriter Of(TensorSignature output) => output.DataType switch
    {
        TensorDataType.Int64 => new FixedWriter<long>(),
        TensorDataType.Float64 => new FixedWriter<double>(),
        TensorDataType.Bool => new FixedWriter<bool>(),
        _ => new TextWriter(),
    };

    /// <summary>The elements so far, as a tensor has them.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    private sealed class FixedWriter<T> : ColumnWriter<T>
        where T : unmanaged
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(256);

        public override ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

        public override void Write(ReadOnlySpan<T> values) => _bytes.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));
    }

    private sealed class TextWriter : ColumnWriter<string>
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(256);

        public override ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

        public override void Write(ReadOnlySpan<string> values)
        {
            foreach (string value in values)
            {
                int length = Encoding.UTF8.GetByteCount(value);
                Span<byte> room = _bytes.GetSpan(sizeof(int) + length);
                BinaryPrimitives.WriteInt32LittleEndian(room, length);
                Encoding.UTF8.GetBytes(value, room[sizeof(int)..]);
                _bytes.Advance(sizeof(int) + length);
            }
        }
    }
}

/// <summary>Takes values of one kind.</summary>
internal abstract class ColumnWriter<T> : ColumnWriter
{
    /// <summary>Takes the values of the next rows.</summary>
    public abstract void Write(ReadOnlySpan<T> values);
}
