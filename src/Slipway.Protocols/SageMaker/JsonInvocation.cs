using System.Text;
using Slipway.Core;
using Slipway.Protocols.Frames;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.SageMaker;

/// <summary>
/// Reads JSON invocations: MLflow's four forms (<c>dataframe_split</c>, <c>dataframe_records</c>, <c>instances</c>, <c>inputs</c>), or a bare array that is the value of a model's
/// single input.
/// </summary>
internal static class JsonInvocation
{
    private const string Forms = "'dataframe_split', 'dataframe_records', 'instances', 'inputs'";

    /// <summary>Reads a body.</summary>
    public static InvocationBody Read(ReadOnlySpan<byte> json, ModelSignature signature)
    {
        JsonCursor cursor = new(json);
        if (cursor.Peek() == '[')
        {
            List<Tensor> bare = ColumnsReader.Read(ref cursor, signature);
            return Finish(ref cursor, bare, wrapped: false);
        }

        if (!cursor.TryTake((byte)'{'))
        {
            throw Unknown();
        }

        List<Tensor>? inputs = null;
        bool first = true;
        try
        {
            while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
            {
                string name = Encoding.UTF8.GetString(key);
                if (name == "params")
                {
                    cursor.SkipValue();
                    continue;
                }

                if (inputs is not null)
                {
                    throw Unknown();
                }

                inputs = ReadForm(ref cursor, name, signature);
            }
        }
        catch
        {
            inputs?.ForEach(static tensor => tensor.Dispose());
            throw;
        }

        return Finish(ref cursor, inputs ?? throw Unknown(), wrapped: true);
    }

    private static List<Tensor> ReadForm(ref JsonCursor cursor, string name, ModelSignature signature) => name switch
    {
        "instances" => InstancesReader.Read(ref cursor, signature),
        "inputs" => ColumnsReader.Read(ref cursor, signature),
        "dataframe_records" => FrameRows.Decode(FrameRecords.ToLines(ref cursor), signature),
        "dataframe_split" => FrameRows.Decode(FrameSplit.ToLines(ref cursor), signature),
        _ => throw Unknown(),
    };

    private static InvocationBody Finish(ref JsonCursor cursor, List<Tensor> inputs, bool wrapped)
    {
        try
        {
            cursor.TakeEnd();
            return new InvocationBody(inputs, wrapped);
        }
        catch
        {
            inputs.ForEach(static tensor => tensor.Dispose());
            throw;
        }
    }

    private static SlipwayException Unknown() => new(
        ErrorCode.InvalidRequest, $"The input must be a JSON dictionary with exactly one of the input fields {{{Forms}}}, or an array");
}
