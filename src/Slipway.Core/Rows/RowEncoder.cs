using System.Buffers;

namespace Slipway.Core.Rows;

/// <summary>Writes the outputs of a batch as rows. Not thread-safe; several encoders may share one <see cref="RowOutputs"/>.</summary>
public abstract class RowEncoder
{
    private protected RowEncoder(RowOutputs outputs)
    {
        Outputs = outputs;
        Cells = [.. outputs.Signatures.Select(OutputCells.Create)];
        Shapes = new TensorShape[Cells.Length];
    }

    /// <summary>What is written.</summary>
    public RowOutputs Outputs { get; }

    private protected OutputCells[] Cells { get; }

    private protected TensorShape[] Shapes { get; }

    /// <summary>Makes an encoder.</summary>
    /// <param name="format">How rows are written.</param>
    /// <param name="outputs">What is written.</param>
    /// <param name="delimiter">Byte between the cells of a CSV row.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: rows can't carry the datatype of an output.</exception>
    public static RowEncoder Create(RowFormat format, RowOutputs outputs, byte delimiter = (byte)',') => format switch
    {
        RowFormat.Csv => new CsvRowEncoder(outputs, delimiter),
        _ => new JsonRowEncoder(outputs),
    };

    /// <summary>Writes what stands before the first row: the header of a CSV. Its columns are those of the first batch, so write it after that was encoded.</summary>
    public abstract void WriteHeader(IBufferWriter<byte> writer);

    /// <summary>Writes one line per row.</summary>
    /// <param name="outputs">The outputs of a batch, in the order of <see cref="RowOutputs.Positions"/>.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="writer">Takes the text.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.ModelFailed"/>: an output does not have a row for each row that went in. <see cref="ErrorCode.NotSupported"/>: CSV, and the number of
    /// values differs from the batches before.
    /// </exception>
    public void Write(IReadOnlyList<Tensor> outputs, int rows, IBufferWriter<byte> writer)
    {
        for (int i = 0; i < Cells.Length; i++)
        {
            if (outputs[i].DataType != Outputs.Signatures[i].DataType)
            {
                throw new SlipwayException(
                    ErrorCode.ModelFailed,
                    $"output '{Outputs.Signatures[i].Name}' is {outputs[i].DataType.ToName()}; the model declares {Outputs.Signatures[i].DataType.ToName()}");
            }

            Shapes[i] = Outputs.RowShapeOf(i, outputs[i], rows);
            Cells[i].Begin(outputs[i].Data);
        }

        WriteRows(rows, writer);
    }

    private protected abstract void WriteRows(int rows, IBufferWriter<byte> writer);

    private protected static int CountOf(TensorShape shape) => shape.TryGetElementCount(out long count) ? checked((int)count) : 0;
}
