using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Protocols.Frames;

/// <summary>Turns rows of named cells into a model's inputs by the rules of <see cref="RowBinding.Create"/>, all rows at once.</summary>
internal static class FrameRows
{
    /// <summary>Reads JSON lines.</summary>
    public static List<Tensor> Decode(ReadOnlyMemory<byte> lines, ModelSignature signature) => Decode(lines.Span, RowFormat.JsonLines, signature, RowReadOptions.Default);

    /// <summary>Reads rows.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: a row can't be read, or the columns don't feed the model.</exception>
    public static List<Tensor> Decode(ReadOnlySpan<byte> rows, RowFormat format, ModelSignature signature, RowReadOptions options)
    {
        int end = rows.IndexOf((byte)'\n');
        ReadOnlySpan<byte> firstRow = end < 0 ? rows : rows[..(end + 1)];
        if (firstRow.IsEmpty)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "there are no rows");
        }

        RowBinding binding = RowBinding.Create(signature, format, RowColumns.Read(format, firstRow, options), options);
        using RowBatch batch = new(binding);
        long line = 1;
        ReadOnlySpan<byte> body = rows;
        if (format == RowFormat.Csv && options.HasHeader)
        {
            body = rows[firstRow.Length..];
            line++;
        }

        int read = RowDecoder.Create(binding, options).Decode(body, ref line, batch);
        if (batch.Rejects.Length > 0)
        {
            RowReject reject = batch.Rejects[0];
            throw new SlipwayException(ErrorCode.InvalidRequest, $"row {reject.Line}: {reject.Reason}");
        }

        if (batch.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "there are no rows");
        }

        if (!body[read..].Trim(" \r\n"u8).IsEmpty)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, binding.HasRows ? "the rows differ in shape" : "the model takes one row at a time, and there are several");
        }

        return [.. batch.ToTensors().OfType<Tensor>()];
    }
}
