using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Reads the outputs that a request asks for.</summary>
internal static class RequestedOutputReader
{
    /// <summary>The failure of every request that names a region of shared memory.</summary>
    public static SlipwayException SharedMemory() =>
        new(ErrorCode.NotSupported, "shared memory is not supported; send and ask for tensors as JSON or as binary data");

    /// <summary>Reads the array <c>outputs</c>.</summary>
    public static void Read(ref JsonCursor cursor, InferBody body)
    {
        if (cursor.TryTakeNull())
        {
            return;
        }

        cursor.Take((byte)'[', "an array of outputs");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            if (body.Outputs.Count == InferBody.MostTensors)
            {
                cursor.Fail($"more than {InferBody.MostTensors} outputs");
            }

            RequestedOutput output = ReadOutput(ref cursor);
            foreach (RequestedOutput other in body.Outputs)
            {
                if (other.Name == output.Name)
                {
                    throw new SlipwayException(ErrorCode.InvalidRequest, $"output '{output.Name}' is asked for twice");
                }
            }

            body.Outputs.Add(output);
        }
    }

    private static RequestedOutput ReadOutput(ref JsonCursor cursor)
    {
        cursor.Peek();
        int start = cursor.Position;
        cursor.Take((byte)'{', "an output object");
        KeySet keys = default;
        string? name = null;
        bool binary = false;
        long classes = 0;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("name"u8))
            {
                keys.Add(Key.Name, cursor);
                name = Utf8NameCache.Shared.Get(cursor.ReadString());
            }
            else if (key.SequenceEqual("parameters"u8))
            {
                keys.Add(Key.Parameters, cursor);
                ReadParameters(ref cursor, ref binary, ref classes);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (name is null)
        {
            cursor.Position = start;
            cursor.Fail("an output without a name");
        }

        return new RequestedOutput(name, binary, classes);
    }

    private static void ReadParameters(ref JsonCursor cursor, ref bool binary, ref long classes)
    {
        if (cursor.TryTakeNull())
        {
            return;
        }

        cursor.Take((byte)'{', "an object of parameters");
        KeySet keys = default;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("binary_data"u8))
            {
                keys.Add(Key.BinaryData, cursor);
                binary = cursor.ReadBool("true or false for 'binary_data'");
            }
            else if (key.SequenceEqual("classification"u8))
            {
                keys.Add(Key.Classification, cursor);
                classes = cursor.ReadInt64("a number of classes for 'classification'");
                if (classes <= 0)
                {
                    cursor.Fail("'classification' must be 1 or more");
                }
            }
            else if (key.StartsWith("shared_memory"u8))
            {
                throw SharedMemory();
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }
}
