using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>
/// Reads the JSON of an inference request in one pass; values go straight into tensors. Keys come in any order (values that come before their shape are passed over
/// and read at the end of their input), unknown keys are passed over, known ones given twice are refused.
/// </summary>
internal static class InferBodyReader
{
    private const int LongestShown = 32;

    /// <summary>Reads a request.</summary>
    /// <exception cref="MalformedJsonException">Not the JSON that is wanted.</exception>
    /// <exception cref="SlipwayException">Understood, and refused.</exception>
    public static InferBody Read(ReadOnlySpan<byte> json)
    {
        InferBody body = new();
        try
        {
            JsonCursor cursor = new(json);
            Read(ref cursor, body);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static void Read(ref JsonCursor cursor, InferBody body)
    {
        cursor.Take((byte)'{', "an object");
        KeySet keys = default;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("inputs"u8))
            {
                keys.Add(Key.Inputs, cursor);
                ReadInputs(ref cursor, body);
            }
            else if (key.SequenceEqual("outputs"u8))
            {
                keys.Add(Key.Outputs, cursor);
                RequestedOutputReader.Read(ref cursor, body);
            }
            else if (key.SequenceEqual("id"u8))
            {
                keys.Add(Key.Id, cursor);
                body.Id = cursor.TryTakeNull() ? "" : System.Text.Encoding.UTF8.GetString(cursor.ReadString());
            }
            else if (key.SequenceEqual("parameters"u8))
            {
                keys.Add(Key.Parameters, cursor);
                ReadParameters(ref cursor, body);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        cursor.TakeEnd();
        if (!keys.Has(Key.Inputs))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the request has no 'inputs'");
        }
    }

    private static void ReadParameters(ref JsonCursor cursor, InferBody body)
    {
        if (cursor.TryTakeNull())
        {
            return;
        }

        cursor.Take((byte)'{', "an object of parameters");
        KeySet keys = default;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("binary_data_output"u8))
            {
                keys.Add(Key.BinaryDataOutput, cursor);
                body.BinaryByDefault = cursor.ReadBool("true or false for 'binary_data_output'");
                continue;
            }

            string key = Utf8NameCache.Shared.Get(name);
            if (body.Parameters.Custom.ContainsKey(key))
            {
                cursor.Fail($"parameter '{key}' for the second time");
            }

            if (key is "priority" or "timeout")
            {
                keys.Add(key == "priority" ? Key.Priority : Key.Timeout, cursor);
            }

            body.Parameters.Add(key, ParameterReader.Read(ref cursor, key));
        }
    }

    private static void ReadInputs(ref JsonCursor cursor, InferBody body)
    {
        cursor.Take((byte)'[', "an array of inputs");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            if (body.Inputs.Count == InferBody.MostTensors)
            {
                cursor.Fail($"more than {InferBody.MostTensors} inputs");
            }

            body.Inputs.Add(ReadInput(ref cursor));
        }
    }

    private static InferInput ReadInput(ref JsonCursor cursor)
    {
        int start = cursor.Position;
        cursor.Take((byte)'{', "an input object");
        InputParts parts = default;
        parts.DataPosition = -1;
        parts.BinarySize = -1;
        Tensor? tensor = null;
        try
        {
            KeySet keys = default;
            bool first = true;
            while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
            {
                if (key.SequenceEqual("data"u8))
                {
                    keys.Add(Key.Data, cursor);
                    if (parts.IsComplete)
                    {
                        tensor = InputDataReader.Read(ref cursor, parts.Name!, parts.DataType, parts.Shape);
                    }
                    else
                    {
                        cursor.Peek();
                        parts.DataPosition = cursor.Position;
                        cursor.SkipValue();
                    }
                }
                else
                {
                    ReadPart(ref cursor, key, ref keys, ref parts);
                }
            }

            if (!parts.IsComplete)
            {
                throw Incomplete(parts, start);
            }

            if (parts.DataPosition >= 0)
            {
                JsonCursor data = new(cursor.Text, parts.DataPosition);
                tensor = InputDataReader.Read(ref data, parts.Name!, parts.DataType, parts.Shape);
            }

            if ((tensor is not null) == parts.BinarySize >= 0)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"input '{parts.Name}' must have either 'data' or the parameter 'binary_data_size'");
            }

            return new InferInput(parts.Name!, parts.DataType, parts.Shape, parts.BinarySize, tensor);
        }
        catch
        {
            tensor?.Dispose();
            throw;
        }
    }

    private static void ReadPart(ref JsonCursor cursor, scoped ReadOnlySpan<byte> key, ref KeySet keys, scoped ref InputParts parts)
    {
        if (key.SequenceEqual("name"u8))
        {
            keys.Add(Key.Name, cursor);
            parts.Name = Utf8NameCache.Shared.Get(cursor.ReadString());
        }
        else if (key.SequenceEqual("shape"u8))
        {
            keys.Add(Key.Shape, cursor);
            parts.Shape = ShapeReader.Read(ref cursor);
            parts.HasShape = true;
        }
        else if (key.SequenceEqual("datatype"u8))
        {
            keys.Add(Key.DataType, cursor);
            string name = Utf8NameCache.Shared.Get(cursor.ReadString());
            if (!TensorDataTypes.TryParse(name, out parts.DataType))
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"{Describe(parts, cursor.Position)}: '{(name.Length <= LongestShown ? name : name[..LongestShown] + "…")}' is not a datatype");
            }
        }
        else if (key.SequenceEqual("parameters"u8))
        {
            keys.Add(Key.Parameters, cursor);
            parts.BinarySize = ReadInputParameters(ref cursor);
        }
        else
        {
            cursor.SkipValue();
        }
    }

    private static SlipwayException Incomplete(in InputParts parts, int position) => new(
        ErrorCode.InvalidRequest,
        $"{Describe(parts, position)} has no '{(parts.Name is null ? "name" : parts.DataType == TensorDataType.Undefined ? "datatype" : "shape")}'");

    private static string Describe(in InputParts parts, int position) => parts.Name is null ? $"the input at byte {position}" : $"input '{parts.Name}'";

    private static long ReadInputParameters(ref JsonCursor cursor)
    {
        if (cursor.TryTakeNull())
        {
            return -1;
        }

        cursor.Take((byte)'{', "an object of parameters");
        long size = -1;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("binary_data_size"u8))
            {
                if (size >= 0)
                {
                    cursor.Fail("the key 'binary_data_size' for the second time");
                }

                size = cursor.ReadInt64("a number of bytes for 'binary_data_size'");
                if (size < 0)
                {
                    cursor.Fail("a negative 'binary_data_size'");
                }
            }
            else if (key.StartsWith("shared_memory"u8))
            {
                throw RequestedOutputReader.SharedMemory();
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return size;
    }

    /// <summary>What has been read of an input.</summary>
    private struct InputParts
    {
        public string? Name;
        public TensorDataType DataType;
        public TensorShape Shape;
        public bool HasShape;
        public long BinarySize;
        public int DataPosition;

        public readonly bool IsComplete => Name is not null && DataType != TensorDataType.Undefined && HasShape;
    }
}
