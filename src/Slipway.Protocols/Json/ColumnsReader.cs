using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>
/// Reads whole tensors (<c>inputs</c>): the value of a model's single input, or an object with a value per input. Shapes are the nesting.
/// A tabular model's may also be in its other form (<see cref="TabularForms"/>): an object with a column per feature, or one matrix for all inputs. Shared by TensorFlow Serving's columnar format and MLflow's.
/// </summary>
internal static class ColumnsReader
{
    /// <summary>Reads the value.</summary>
    /// <param name="cursor">Stands before it.</param>
    /// <param name="signature">What the model takes.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.ShapeMismatch"/>.</exception>
    public static List<Tensor> Read(ref JsonCursor cursor, ModelSignature signature)
    {
        if (cursor.Peek() == '{' && !Base64Object.IsNext(cursor))
        {
            return ReadObject(ref cursor, NamedForm.Of(cursor, signature));
        }

        TensorSignature? input = signature.Inputs.Count == 1 ? signature.Inputs[0] : signature.Matrix;
        if (input is null)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"'inputs' is a plain value, but the model has {signature.Inputs.Count} inputs: it must be an object with {string.Join(", ", signature.Inputs.Select(static input => $"'{input.Name}'"))}");
        }

        return [ReadTensor(ref cursor, input, 1)];
    }

    /// <summary>Reads the value of one input.</summary>
    public static Tensor ReadTensor(ref JsonCursor cursor, TensorSignature input, int inputs)
    {
        using RowSink sink = new(input, RowSink.Guess(cursor, inputs));
        try
        {
            sink.ReadRow(ref cursor);
        }
        catch (RaggedArrayException ragged)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch,
                $"input '{input.Name}': Encountered list at unexpected size: {ragged.Count} at level: {ragged.Level} expected size: {ragged.Expected} (at byte {ragged.Position})",
                ragged);
        }

        return sink.ToSingle();
    }

    private static List<Tensor> ReadObject(ref JsonCursor cursor, ModelSignature signature)
    {
        List<Tensor> tensors = new(signature.Inputs.Count);
        try
        {
            cursor.Take((byte)'{', "an object");
            bool first = true;
            while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
            {
                string name = System.Text.Encoding.UTF8.GetString(key);
                int index = signature.IndexOfInput(name);
                if (index < 0)
                {
                    // TensorFlow Serving passes over what the signature doesn't have.
                    cursor.SkipValue();
                    continue;
                }

                if (tensors.Exists(tensor => tensor.Name == name))
                {
                    cursor.Fail($"the key '{name}' for the second time");
                }

                tensors.Add(ReadTensor(ref cursor, signature.Inputs[index], signature.Inputs.Count));
            }

            Check(tensors, signature);
            return tensors;
        }
        catch
        {
            tensors.ForEach(static tensor => tensor.Dispose());
            throw;
        }
    }

    private static void Check(List<Tensor> tensors, ModelSignature signature)
    {
        string[] missing = [.. signature.Inputs.Where(input => !input.IsOptional && !tensors.Exists(tensor => tensor.Name == input.Name)).Select(static input => input.Name)];
        if (missing.Length > 0)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"input size does not match signature: {tensors.Count}!={signature.Inputs.Count} len({{{string.Join(',', tensors.Select(static tensor => tensor.Name))}}}) != "
                + $"len({{{string.Join(',', signature.Inputs.Select(static input => input.Name))}}}). Sent extra: {{}}. Missing but required: {{{string.Join(',', missing)}}}.");
        }
    }
}
