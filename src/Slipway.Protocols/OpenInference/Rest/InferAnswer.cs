using System.Buffers;
using System.Buffers.Text;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Writes the JSON of an inference answer and says which outputs follow it as bytes.</summary>
internal static class InferAnswer
{
    /// <summary>Writes the JSON.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="response">The answer.</param>
    /// <param name="body">What the request asked for.</param>
    /// <param name="blocks">Receives the tensors that follow the JSON as bytes, in order. They stay the response's.</param>
    /// <exception cref="SlipwayException">An output can't be written in the form asked for.</exception>
    public static void Write(IBufferWriter<byte> output, InferenceResponse response, InferBody body, ref List<Tensor>? blocks)
    {
        ServableText text = ServableText.Of(response.Servable);
        output.Write("{"u8);
        if (body.Id.Length > 0)
        {
            output.Write("\"id\":"u8);
            JsonText.Write(output, body.Id);
            output.Write(","u8);
        }

        output.Write(text.Model);
        if (response.Parameters.Count > 0)
        {
            output.Write(",\"parameters\":"u8);
            ParameterWriter.Write(output, response.Parameters);
        }

        output.Write(",\"outputs\":["u8);
        for (int i = 0; i < response.Outputs.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            Tensor tensor = response.Outputs[i];
            RequestedOutput asked = Asked(body, tensor.Name, i);
            if (asked.Classes > 0)
            {
                tensor = Classification.Classify(tensor, asked.Classes, response.Servable);
            }

            WriteOutput(output, text.OutputHead(tensor), tensor, asked.Binary, ref blocks);
        }

        output.Write("]}"u8);
    }

    private static RequestedOutput Asked(InferBody body, string name, int position)
    {
        if (body.Outputs.Count == 0)
        {
            return new RequestedOutput(name, body.BinaryByDefault, 0);
        }

        if (position < body.Outputs.Count && body.Outputs[position].Name == name)
        {
            return body.Outputs[position];
        }

        return body.Outputs.Find(output => output.Name == name);
    }

    private static void WriteOutput(IBufferWriter<byte> output, ReadOnlySpan<byte> head, Tensor tensor, bool binary, ref List<Tensor>? blocks)
    {
        output.Write(head);
        WriteShape(output, tensor.Shape);
        if (binary)
        {
            output.Write("],\"parameters\":{\"binary_data_size\":"u8);
            WriteNumber(output, tensor.Data.Length);
            output.Write("}}"u8);
            if (!tensor.Data.IsEmpty)
            {
                (blocks ??= []).Add(tensor);
            }
        }
        else
        {
            output.Write("],\"data\":["u8);
            TensorJsonWriter.WriteElements(output, tensor);
            output.Write("]}"u8);
        }
    }

    private static void WriteShape(IBufferWriter<byte> output, TensorShape shape)
    {
        ReadOnlySpan<long> dimensions = shape.Dimensions;
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteNumber(output, dimensions[i]);
        }
    }

    private static void WriteNumber(IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out int written);
        output.Advance(written);
    }
}
