using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>
/// Reads rows (<c>instances</c>): values of a model's single input, or objects with one value per input. The tensors get the number of rows as first dimension.
/// A tabular model's rows may also be in its other form (<see cref="TabularForms"/>): objects with one value per feature, or lists of the values of all inputs. Shared by TensorFlow Serving's row format and MLflow's.
/// </summary>
internal static class InstancesReader
{
    /// <summary>Reads the array.</summary>
    /// <param name="cursor">Stands before the array.</param>
    /// <param name="signature">What the model takes.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.ShapeMismatch"/> with the row.</exception>
    public static List<Tensor> Read(ref JsonCursor cursor, ModelSignature signature)
    {
        JsonCursor first = cursor;
        if (!first.TryTake((byte)'[') || first.Peek() == ']')
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "'instances' must be an array with at least one element");
        }

        return first.Peek() == '{' && !Base64Object.IsNext(first)
            ? ReadObjects(ref cursor, NamedForm.Of(first, signature))
            : ReadValues(ref cursor, signature);
    }

    private static List<Tensor> ReadValues(ref JsonCursor cursor, ModelSignature signature)
    {
        TensorSignature? input = signature.Inputs.Count == 1 ? signature.Inputs[0] : signature.Matrix;
        if (input is null)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"'instances' is a plain list, but the model has {signature.Inputs.Count} inputs: each element must be an object with {Names(signature)}");
        }

        // The rows are the outermost of the nested arrays, so that all of them are read in one go.
        using RowSink sink = new(input, RowSink.Guess(cursor, 1));
        try
        {
            sink.ReadRow(ref cursor);
        }
        catch (RaggedArrayException ragged)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"Expecting tensor size: {ragged.Expected} but got: {ragged.Count} (the array at byte {ragged.Position})", ragged);
        }

        return [sink.ToSingle()];
    }

    private static List<Tensor> ReadObjects(ref JsonCursor cursor, ModelSignature signature)
    {
        RowSink?[] sinks = new RowSink?[signature.Inputs.Count];
        try
        {
            cursor.Take((byte)'[', "an array");
            bool first = true;
            for (int row = 0; cursor.NextElement(ref first); row++)
            {
                ReadObject(ref cursor, signature, sinks, row);
            }

            return [.. sinks.OfType<RowSink>().Select(static sink => sink.ToTensor())];
        }
        finally
        {
            foreach (RowSink? sink in sinks)
            {
                sink?.Dispose();
            }
        }
    }

    private static void ReadObject(ref JsonCursor cursor, ModelSignature signature, RowSink?[] sinks, int row)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            throw Failed(row, "", "every element must be an object, as the first one is", null);
        }

        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            string name = System.Text.Encoding.UTF8.GetString(key);
            int index = signature.IndexOfInput(name);
            if (index < 0)
            {
                throw Failed(row, name, $"not an input of the model, which has {Names(signature)}", null);
            }

            RowSink sink = sinks[index] ??= row == 0
                ? new RowSink(signature.Inputs[index], RowSink.Guess(cursor, signature.Inputs.Count))
                : throw Failed(row, name, "the rows before have no such key", null);
            if (sink.Rows != row)
            {
                throw Failed(row, name, "the key is given twice", null);
            }

            ReadValue(ref cursor, sink, row, name);
        }

        for (int i = 0; i < sinks.Length; i++)
        {
            TensorSignature input = signature.Inputs[i];
            if (sinks[i] is { } sink ? sink.Rows != row + 1 : !input.IsOptional)
            {
                throw Failed(row, input.Name, "the key is missing", null);
            }
        }
    }

    private static void ReadValue(ref JsonCursor cursor, RowSink sink, int row, string name)
    {
        try
        {
            sink.ReadRow(ref cursor);
        }
        catch (RaggedArrayException ragged)
        {
            throw Failed(row, name, $"Expecting tensor size: {ragged.Expected} but got: {ragged.Count} (the array at byte {ragged.Position})", ragged);
        }
        catch (SlipwayException failure)
        {
            throw Failed(row, name, failure.Message, failure);
        }
    }

    private static string Names(ModelSignature signature) => string.Join(", ", signature.Inputs.Select(static input => $"'{input.Name}'"));

    private static SlipwayException Failed(int row, string key, string problem, Exception? cause) => new(
        ErrorCode.InvalidRequest, $"Failed to process element: {row}{(key.Length == 0 ? "" : $" key: {key}")} of 'instances' list. Error: INVALID_ARGUMENT: {problem}", cause);
}
