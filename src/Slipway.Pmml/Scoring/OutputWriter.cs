using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Scoring;

/// <summary>Gathers one output, block after block, into a tensor. Not thread-safe.</summary>
internal abstract class OutputWriter(OutputColumn column)
{
    /// <summary>The writer that suits the output's type.</summary>
    public static OutputWriter Create(OutputColumn column, int rows) => column.Type.IsCarriedAsText ? new TextWriter(column) : new NumberWriter(column, rows);

    /// <summary>Takes the first rows of the frame.</summary>
    public void Write(Frame frame, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            frame.MoveTo(row);
            Put(frame.Failures[row] is null ? Evaluate(frame) : Cell.Missing, frame);
        }
    }

    /// <summary>The tensor of all rows; it owns its memory.</summary>
    public abstract Tensor ToTensor(int rows);

    /// <summary>Gives back what the tensor has not taken over.</summary>
    public abstract void Abandon();

    /// <summary>Takes the value of the next row.</summary>
    protected abstract void Put(double value, Frame frame);

    private double Evaluate(Frame frame)
    {
        try
        {
            return column.Value.Evaluate(frame);
        }
        catch (EvaluationException)
        {
            return Cell.Missing;
        }
    }

    private sealed class NumberWriter(OutputColumn column, int rows) : OutputWriter(column)
    {
        private readonly TensorBuffer _buffer = TensorBufferPool.Shared.Rent((long)rows * sizeof(double));
        private readonly string _name = column.Name;
        private int _count;

        public override Tensor ToTensor(int rows) => new(_name, TensorDataType.Float64, new TensorShape(rows), _buffer.Memory, _buffer);

        public override void Abandon() => _buffer.Dispose();

        protected override void Put(double value, Frame frame) =>
            MemoryMarshal.Cast<byte, double>(_buffer.Span)[_count++] = Cell.IsMissing(value) ? double.NaN : value;
    }

    private sealed class TextWriter(OutputColumn column) : OutputWriter(column)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly PmmlType _type = column.Type;
        private readonly string _name = column.Name;

        public override Tensor ToTensor(int rows) => new(_name, TensorDataType.String, new TensorShape(rows), _bytes.WrittenMemory);

        public override void Abandon()
        {
            // The memory belongs to the garbage collector.
        }

        protected override void Put(double value, Frame frame)
        {
            string text = Cell.IsMissing(value) ? "" : CellText.Format(value, _type, frame.Symbols.Text);
            Span<byte> span = _bytes.GetSpan(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
            int length = Encoding.UTF8.GetBytes(text, span[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(span, length);
            _bytes.Advance(sizeof(int) + length);
        }
    }
}
