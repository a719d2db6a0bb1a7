using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>Takes the values of one output, block by block.</summary>
internal abstract class ColumnWriter
{
    /// <summary>A writer for an output.</summary>
    /// <param name="output">The output.</param>
    /// <param name="charge">Is told the bytes that are to be added, and refuses too many.</param>
    public static ColumnWriter Of(TensorSignature output, Action<long> charge) => output.DataType switch
    {
        TensorDataType.Int64 => new FixedWriter<long>(charge),
        TensorDataType.Float64 => new FixedWriter<double>(charge),
        TensorDataType.Bool => new FixedWriter<bool>(charge),
        _ => new TextWriter(charge),
    };

    /// <summary>The elements so far, as a tensor has them.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    private sealed class FixedWriter<T>(Action<long> charge) : ColumnWriter<T>
        where T : unmanaged
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(256);

        public override ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

        public override void Write(ReadOnlySpan<T> values)
        {
            ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values);
            charge(bytes.Length);
            _bytes.Write(bytes);
        }
    }

    private sealed class TextWriter(Action<long> charge) : ColumnWriter<string>
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(256);

        public override ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

        public override void Write(ReadOnlySpan<string> values)
        {
            foreach (string value in values)
            {
                int length = Encoding.UTF8.GetByteCount(value);
                charge(sizeof(int) + length);
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
