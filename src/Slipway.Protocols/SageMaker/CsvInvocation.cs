using System.Globalization;
using Slipway.Core;
using Slipway.Core.Rows;
using Slipway.Protocols.Frames;

namespace Slipway.Protocols.SageMaker;

/// <summary>
/// Reads CSV invocations. A first line with a cell that is neither a number nor empty is a header: columns are then matched by name, as MLflow does, and the answer has MLflow's form.
/// Without a header columns are taken in order, as SageMaker does, and the answer stands alone. A model of strings has a header when the first line names all its inputs.
/// </summary>
internal static class CsvInvocation
{
    /// <summary>Reads a body.</summary>
    public static InvocationBody Read(ReadOnlySpan<byte> csv, ModelSignature signature)
    {
        csv = csv.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? csv[3..] : csv;
        bool header = HasHeader(csv, signature);
        return new InvocationBody(FrameRows.Decode(csv, RowFormat.Csv, signature, new RowReadOptions { HasHeader = header, ColumnNames = NamesInOrder(signature) }), header);
    }

    // Columns in order are the inputs in order where each takes one value a row; one matrix takes its columns in order anyway.
    private static string[] NamesInOrder(ModelSignature signature) =>
        signature.Inputs.Count > 1 && signature.Inputs.All(static input => input.Shape.Rank == 1 || (input.Shape.Rank == 2 && input.Shape[1] == 1))
            ? [.. signature.Inputs.Select(static input => input.Name)]
            : [];

    private static bool HasHeader(ReadOnlySpan<byte> csv, ModelSignature signature)
    {
        int end = csv.IndexOf((byte)'\n');
        ReadOnlySpan<byte> first = (end < 0 ? csv : csv[..end]).TrimEnd((byte)'\r');
        bool strings = signature.Inputs.Any(static input => input.DataType == TensorDataType.String);
        HashSet<string> cells = new(StringComparer.Ordinal);
        foreach (Range range in first.Split((byte)','))
        {
            ReadOnlySpan<byte> cell = first[range].Trim(" \""u8);
            cells.Add(System.Text.Encoding.UTF8.GetString(cell));
            bool isValue = cell.IsEmpty || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                || cell.SequenceEqual("true"u8) || cell.SequenceEqual("false"u8);
            if (!isValue && !strings)
            {
                return true;
            }
        }

        return strings && signature.Inputs.All(input => input.IsOptional || cells.Contains(input.Name));
    }
}
