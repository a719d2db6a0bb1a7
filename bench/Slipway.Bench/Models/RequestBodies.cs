using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Bench.Load;

namespace Slipway.Bench.Models;

/// <summary>Request bodies in the forms that clients send, written to files for the load generators.</summary>
internal sealed class RequestBodies(string folder)
{
    private static readonly Uri Anywhere = new("http://server");

    /// <summary>Open Inference REST, values in JSON.</summary>
    public LoadPlan Json(BenchModel model, int rows, int connections)
    {
        string data = string.Join(',', model.Values(rows).Select(static value => value.ToString("R", CultureInfo.InvariantCulture)));
        string body = $$"""{"inputs":[{"name":"{{model.Input}}","datatype":"FP32","shape":[{{string.Join(',', model.Shape(rows))}}],"data":[{{data}}]}]}""";
        return Plan($"{model.Name}-{rows}.json", Encoding.UTF8.GetBytes(body), InferPath(model), connections, 0, new() { ["Content-Type"] = "application/json" });
    }

    /// <summary>Open Inference REST with binary tensors both ways.</summary>
    public LoadPlan Binary(BenchModel model, int rows, int connections)
    {
        byte[] data = MemoryMarshal.AsBytes<float>(model.Values(rows)).ToArray();
        byte[] head = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"{{{model.Input}}}","datatype":"FP32","shape":[{{{string.Join(',', model.Shape(rows))}}}],"parameters":{"binary_data_size":{{{data.Length}}}}}],"parameters":{"binary_data_output":true}}""");
        Dictionary<string, string> headers = new()
        {
            ["Content-Type"] = "application/octet-stream",
            ["Inference-Header-Content-Length"] = head.Length.ToString(CultureInfo.InvariantCulture),
        };
        return Plan($"{model.Name}-{rows}.bin", [.. head, .. data], InferPath(model), connections, 0, headers);
    }

    /// <summary>Open Inference gRPC with <c>raw_input_contents</c>.</summary>
    public LoadPlan Grpc(BenchModel model, int rows, int connections, int streams)
    {
        byte[] message = GrpcMessage(model, rows);
        byte[] frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        Dictionary<string, string> headers = new() { ["content-type"] = "application/grpc", ["te"] = "trailers" };
        return Plan($"{model.Name}-{rows}.grpc", frame, "/inference.GRPCInferenceService/ModelInfer", connections, streams, headers);
    }

    private static string InferPath(BenchModel model) => $"/v2/models/{model.Name}/infer";

    // ModelInferRequest: model_name 1, inputs 5 { name 1, datatype 2, shape 3 packed }, raw_input_contents 7.
    private static byte[] GrpcMessage(BenchModel model, int rows)
    {
        ProtobufMessage shape = new();
        foreach (long size in model.Shape(rows))
        {
            shape.Varint(size);
        }

        ProtobufMessage input = new ProtobufMessage().Add(1, model.Input).Add(2, "FP32").Add(3, shape.ToArray());
        return new ProtobufMessage()
            .Add(1, model.Name)
            .Add(5, input.ToArray())
            .Add(7, MemoryMarshal.AsBytes<float>(model.Values(rows)).ToArray())
            .ToArray();
    }

    private LoadPlan Plan(string file, byte[] body, string path, int connections, int streams, Dictionary<string, string> headers)
    {
        string full = Path.Combine(folder, file);
        File.WriteAllBytes(full, body);
        return new LoadPlan(new Uri(Anywhere, path), full, headers, connections, streams);
    }
}
