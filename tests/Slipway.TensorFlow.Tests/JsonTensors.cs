using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.TensorFlow.Tests;

/// <summary>Tensors as the conformance data writes them: datatype, shape and a flat list.</summary>
internal static class JsonTensors
{
    public static Tensor Read(JsonProperty tensor)
    {
        long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())];
        JsonElement[] data = [.. tensor.Value.GetProperty("data").EnumerateArray()];
        return tensor.Value.GetProperty("dtype").GetString() switch
        {
            "DT_FLOAT" => new Tensor(tensor.Name, TensorDataType.Float32, new TensorShape(shape), MemoryMarshal.AsBytes<float>(Array.ConvertAll(data, static value => value.GetSingle())).ToArray()),
            "DT_INT32" => new Tensor(tensor.Name, TensorDataType.Int32, new TensorShape(shape), MemoryMarshal.AsBytes<int>(Array.ConvertAll(data, static value => value.GetInt32())).ToArray()),
            "DT_INT64" => new Tensor(tensor.Name, TensorDataType.Int64, new TensorShape(shape), MemoryMarshal.AsBytes<long>(Array.ConvertAll(data, static value => value.GetInt64())).ToArray()),
            var other => throw new NotSupportedException(other),
        };
    }
}
