using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>The body of a <c>:predict</c>.</summary>
internal sealed class PredictBody
{
    private PredictBody(List<Tensor> inputs, bool rows)
    {
        Inputs = inputs;
        IsRows = rows;
    }

    /// <summary>The inputs; they are the caller's.</summary>
    public List<Tensor> Inputs { get; }

    /// <summary>Whether the request, and so the answer, is row by row.</summary>
    public bool IsRows { get; }

    /// <summary>Reads a body. What stands behind the object is not looked at, as in TensorFlow Serving.</summary>
    /// <exception cref="MalformedJsonException">Not JSON.</exception>
    /// <exception cref="SlipwayException">Understood, and refused.</exception>
    public static PredictBody Read(ReadOnlySpan<byte> json, ModelSignature signature)
    {
        JsonCursor cursor = new(json);
        if (!cursor.TryTake((byte)'{'))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "JSON Value: the request Is not object");
        }

        List<Tensor>? inputs = null;
        bool rows = false;
        bool named = false;
        try
        {
            bool first = true;
            while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
            {
                bool isRows = key.SequenceEqual("instances"u8);
                if (isRows || key.SequenceEqual("inputs"u8))
                {
                    if (inputs is not null)
                    {
                        throw new SlipwayException(ErrorCode.InvalidRequest, "Not formatted correctly: expected one 'instances' or one 'inputs' key, not two");
                    }

                    inputs = isRows ? InstancesReader.Read(ref cursor, signature) : ColumnsReader.Read(ref cursor, signature);
                    rows = isRows;
                }
                else if (key.SequenceEqual("signature_name"u8))
                {
                    if (named)
                    {
                        cursor.Fail("the key 'signature_name' for the second time");
                    }

                    named = true;
                    CheckSignature(ref cursor);
                }
                else
                {
                    cursor.SkipValue();
                }
            }

            return new PredictBody(inputs ?? throw new SlipwayException(ErrorCode.InvalidRequest, "Missing 'inputs' or 'instances' key"), rows);
        }
        catch
        {
            inputs?.ForEach(static tensor => tensor.Dispose());
            throw;
        }
    }

    private static void CheckSignature(ref JsonCursor cursor)
    {
        if (cursor.Peek() != '"')
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "'signature_name' key must be a string value.");
        }

        string name = System.Text.Encoding.UTF8.GetString(cursor.ReadString());
        if (!ServingSignature.IsKnown(name))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"Serving signature name: \"{name}\" not found in signature def");
        }
    }
}
