using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Scoring;

/// <summary>Puts one input, block after block, into the cells of a frame. Not thread-safe: keeps its place in the tensor.</summary>
internal sealed class InputReader
{
    private readonly PlanInput _input;
    private readonly Tensor _tensor;
    private readonly int _itemsPerRow;
    private int _position;

    public InputReader(PlanInput input, Tensor tensor, long rows)
    {
        (_input, _tensor) = (input, tensor);
        _itemsPerRow = input.Type.Kind == PmmlKind.Items && tensor.Shape.Rank > 1 ? (int)tensor.Shape[1] : 1;
        if (tensor.Shape.Rank == 0 || tensor.Shape[0] != rows)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{input.Name}' has shape {tensor.Shape} where another input has {rows} rows");
        }
    }

    /// <summary>Fills the next rows of the frame.</summary>
    public void Read(Frame frame, int rows)
    {
        if (!_input.Type.IsCarriedAsText)
        {
            ReadNumbers(frame, rows);
            return;
        }

        ReadOnlySpan<byte> data = _tensor.Data.Span;
        for (int row = 0; row < rows; row++)
        {
            frame.Cells[(row * frame.Width) + _input.Slot] = _input.Type.Kind == PmmlKind.Items ? Items(data, frame) : Value(Next(data), frame);
        }
    }

    private void ReadNumbers(Frame frame, int rows)
    {
        ReadOnlySpan<double> numbers = MemoryMarshal.Cast<byte, double>(_tensor.Data.Span).Slice(_position, rows);
        _position += rows;
        double[] cells = frame.Cells;
        int at = _input.Slot;
        bool isFloat = _input.Type.Kind == PmmlKind.Float;
        foreach (double number in numbers)
        {
            cells[at] = double.IsNaN(number) ? Cell.Missing : isFloat ? (float)number : number;
            at += frame.Width;
        }
    }

    private double Value(ReadOnlySpan<byte> text, Frame frame)
    {
        if (text.IsEmpty)
        {
            return Cell.Missing;
        }

        if (_input.Type.IsText)
        {
            return frame.Symbols.Code(text);
        }

        return CellText.TryParse(Encoding.UTF8.GetString(text), _input.Type, frame.Symbols.Code, out double cell) ? cell : Cell.Invalid;
    }

    // Empty entries fill up baskets that have fewer items than others.
    private double Items(ReadOnlySpan<byte> data, Frame frame)
    {
        List<double> codes = [];
        for (int i = 0; i < _itemsPerRow; i++)
        {
            ReadOnlySpan<byte> text = Next(data);
            if (!text.IsEmpty)
            {
                codes.Add(frame.Symbols.Code(text));
            }
        }

        return frame.AddList([.. codes]);
    }

    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> rest = data[_position..];
        if (rest.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (length < 0 || length > rest.Length - sizeof(int)))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{_input.Name}' ends within a string");
        }

        _position += sizeof(int) + length;
        return rest.Slice(sizeof(int), length);
    }
}
