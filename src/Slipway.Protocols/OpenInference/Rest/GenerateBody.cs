using System.Text;
using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>
/// Reads the flat object of Triton's generate extension: a key with the name of an input is that input, whether it stands in <c>parameters</c> or beside it; any other
/// key is a parameter. A value is a primitive or an array of them and takes the shape that the model's input has.
/// </summary>
internal static class GenerateBody
{
    /// <summary>Reads a request; the result owns its tensors.</summary>
    /// <exception cref="MalformedJsonException">Not the JSON that is wanted.</exception>
    /// <exception cref="SlipwayException">Understood, and refused.</exception>
    public static InferBody Read(ReadOnlySpan<byte> json, ModelSignature signature)
    {
        InferBody body = new();
        try
        {
            JsonCursor cursor = new(json);
            ReadObject(ref cursor, signature, body, isWhole: true);
            cursor.TakeEnd();
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static void ReadObject(ref JsonCursor cursor, ModelSignature signature, InferBody body, bool isWhole)
    {
        cursor.Take((byte)'{', "an object");
        KeySet keys = default;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (isWhole && key.SequenceEqual("id"u8))
            {
                keys.Add(Key.Id, cursor);
                body.Id = cursor.TryTakeNull() ? "" : Encoding.UTF8.GetString(cursor.ReadString());
            }
            else if (isWhole && key.SequenceEqual("parameters"u8))
            {
                keys.Add(Key.Parameters, cursor);
                ReadObject(ref cursor, signature, body, isWhole: false);
            }
            else
            {
                ReadEntry(ref cursor, Utf8NameCache.Shared.Get(key), signature, body);
            }
        }
    }

    private static void ReadEntry(ref JsonCursor cursor, string name, ModelSignature signature, InferBody body)
    {
        if (body.Parameters.Custom.ContainsKey(name) || body.Inputs.Exists(input => input.Name == name))
        {
            cursor.Fail($"the key '{name}' for the second time");
        }

        int index = signature.IndexOfInput(name);
        if (index < 0)
        {
            if (cursor.Peek() is (byte)'[' or (byte)'{' or (byte)'n')
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"'{name}' is no input of the model, and a parameter is a string, a number or a truth value");
            }

            body.Parameters.Add(name, ParameterReader.Read(ref cursor, name));
            return;
        }

        Tensor tensor = ReadInput(ref cursor, signature.Inputs[index]);
        body.Inputs.Add(new InferInput(name, tensor.DataType, tensor.Shape, BinarySize: -1, tensor));
    }

    private static Tensor ReadInput(ref JsonCursor cursor, TensorSignature input)
    {
        if (input.DataType is TensorDataType.Float16 or TensorDataType.BFloat16)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{input.Name}': {input.DataType.ToName()} has no form in JSON; use the infer request with binary data");
        }

        using TensorJsonSink sink = TensorJsonSink.Create(input.Name, input.DataType, capacity: 1, fixedSize: false);
        if (cursor.Peek() != '[')
        {
            sink.ReadScalar(ref cursor);
            return sink.ToTensor(Fit(input, 1));
        }

        cursor.Take((byte)'[', "an array");
        if (cursor.Peek() is (byte)'[' or (byte)'{')
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{input.Name}': a value or a flat array of values is expected here");
        }

        return sink.ToTensor(Fit(input, sink.ReadLeaves(ref cursor)));
    }

    // The innermost free dimension takes what the fixed ones leave; other free dimensions become 1.
    private static TensorShape Fit(TensorSignature input, long count)
    {
        long[] dimensions = input.Shape.Dimensions.ToArray();
        int free = Array.FindLastIndex(dimensions, static dimension => dimension < 0);
        long others = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = dimensions[i] < 0 ? 1 : dimensions[i];
            others = checked(others * dimensions[i]);
        }

        if (free >= 0 && others > 0 && count % others == 0)
        {
            dimensions[free] = count / others;
        }
        else if (count != others)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{input.Name}': {count} values don't fit its shape {input.Shape}");
        }

        return new TensorShape(dimensions);
    }
}
