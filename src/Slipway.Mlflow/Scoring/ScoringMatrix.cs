using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Mlflow.Scoring;

/// <summary>Fills the matrix <c>[N, F]</c> of a model from a frame, column by position.</summary>
internal static class ScoringMatrix
{
    /// <summary>Whether an input can be filled here: a matrix of floating point or whole numbers.</summary>
    public static bool Fits(TensorSignature input) => input is { IsRankUnknown: false, Shape.Rank: 2 }
        && input.DataType is TensorDataType.Float32 or TensorDataType.Float64 or TensorDataType.Int32 or TensorDataType.Int64;

    /// <summary>Makes the tensor; the caller's.</summary>
    public static Tensor Build(ScoringFrame frame, TensorSignature input, bool takesMissing)
    {
        int width = frame.Columns.Count;
        double[] values = new double[(long)frame.Rows.Count * width];
        for (int row = 0; row < frame.Rows.Count; row++)
        {
            for (int column = 0; column < width; column++)
            {
                values[(row * width) + column] = Number(frame.Rows[row][column], frame.Columns[column]);
            }
        }

        if (!takesMissing && Array.Exists(values, static value => !double.IsFinite(value)))
        {
            throw ScoringFailures.Bad("The input holds a missing value, which this model does not take.");
        }

        return Cast(values, frame.Rows.Count, width, input);
    }

    private static Tensor Cast(double[] values, int rows, int width, TensorSignature input) => input.DataType switch
    {
        TensorDataType.Float64 => Make<double>(values, static value => value, rows, width, input),
        TensorDataType.Float32 => Make(values, static value => (float)value, rows, width, input),
        TensorDataType.Int64 => Make(values, value => Whole(value, long.MinValue, long.MaxValue, input), rows, width, input),
        _ => Make(values, value => (int)Whole(value, int.MinValue, int.MaxValue, input), rows, width, input),
    };

    private static Tensor Make<T>(double[] values, Converter<double, T> cast, int rows, int width, TensorSignature input)
        where T : unmanaged
    {
        int bytes = checked(values.Length * Marshal.SizeOf<T>());
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(bytes);
        try
        {
            Span<T> target = MemoryMarshal.Cast<byte, T>(buffer.Span[..bytes]);
            for (int index = 0; index < values.Length; index++)
            {
                target[index] = cast(values[index]);
            }

            return new Tensor(input.Name, input.DataType, new TensorShape(rows, width), buffer.Memory[..bytes], buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static long Whole(double value, long least, long most, TensorSignature input) => value == Math.Truncate(value) && value >= least && value <= most
        ? (long)value
        : throw ScoringFailures.Bad($"Invalid input. The model takes {input.DataType.ToName()} and a value is none.");

    /// <summary>The number that a cell is; missing is NaN.</summary>
    public static double Number(JsonElement cell, string column) => cell.ValueKind switch
    {
        JsonValueKind.Number => cell.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Null or JsonValueKind.Undefined => double.NaN,
        JsonValueKind.String when double.TryParse(cell.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => throw ScoringFailures.Bad($"Invalid input. Data is not compatible with model signature. Failed to convert column {column} to type 'float64'."),
    };
}
