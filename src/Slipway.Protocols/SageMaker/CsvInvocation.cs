using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Core.Rows;
using Slipway.Protocols.Frames;

namespace Slipway.Protocols.SageMaker;

/// <summary>
/// Reads CSV invocations. A first line in which no cell is a number, or whose cells are all names that the model knows, is a header: columns are then matched by name, as MLflow does,
/// and the answer has MLflow's form. Without a header columns are taken in order, as SageMaker does, and the answer stands alone. A first line that is neither is refused: a row that
/// were taken for a header would be lost. A model of strings has a header when the first line names all its inputs.
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
        int values = 0;
        int texts = 0;
        foreach (Range range in first.Split((byte)','))
        {
            ReadOnlySpan<byte> cell = first[range].Trim(" \""u8);
            cells.Add(Encoding.UTF8.GetString(cell));
            values += !cell.IsEmpty && IsValue(cell) ? 1 : 0;
            texts += !cell.IsEmpty && !IsValue(cell) ? 1 : 0;
        }

        if (strings)
        {
            return signature.Inputs.All(input => input.IsOptional || cells.Contains(input.Name));
        }

        if (texts > 0 && values > 0 && !IsKnown(cells, signature))
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"the first line is neither a row of numbers nor a header: {values} of its cells are numbers and {texts} are not, and the model does not know all of them as names");
        }

        return texts > 0;
    }

    private static bool IsKnown(HashSet<string> cells, ModelSignature signature)
    {
        HashSet<string> names = [.. signature.Inputs.Select(static input => input.Name), .. ModelMetadata.FeatureNames(signature.Metadata), ""];
        return cells.IsSubsetOf(names);
    }

    // What the reader of rows takes for a value of an input of numbers or truth values.
    private static bool IsValue(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> word = cell[0] is (byte)'+' or (byte)'-' ? cell[1..] : cell;
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            || Ascii.EqualsIgnoreCase(word, "inf"u8)
            || Ascii.EqualsIgnoreCase(word, "nan"u8)
            || Ascii.EqualsIgnoreCase(cell, "true"u8)
            || Ascii.EqualsIgnoreCase(cell, "false"u8);
    }
}
