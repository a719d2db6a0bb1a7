using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Slipway.Core;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Rest;

namespace Slipway.Benchmarks;

/// <summary>Reading a request's floats out of JSON and writing an answer's, beside the framework's own reader and serializer.</summary>
[MemoryDiagnoser]
public class JsonTensorBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private byte[] _body = [];
    private byte[] _array = [];
    private float[] _values = [];
    private Tensor _tensor = null!;

    [Params(30, 960, 150_528)]
    public int Values { get; set; }

    /// <summary>Pixels have four digits behind the point, features the eight or nine of a binary32, and clients that hold binary64 write seventeen.</summary>
    [Params(NumberForm.Pixels, NumberForm.Features, NumberForm.Doubles)]
    public NumberForm Form { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        Random random = new(3);
        _values = [.. Enumerable.Range(0, Values).Select(_ => (random.NextDouble() * 4) - 2).Select(value => (float)(Form == NumberForm.Pixels ? Math.Round(value, 4) : value))];
        string data = string.Join(',', _values.Select(value => (Form == NumberForm.Doubles ? (IFormattable)(double)value : value).ToString("R", CultureInfo.InvariantCulture)));
        _array = Encoding.UTF8.GetBytes($"[{data}]");
        _body = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,{{Values}}],"data":[{{data}}]}]}""");
        _tensor = new Tensor("x", TensorDataType.Float32, new TensorShape(1, Values), MemoryMarshal.AsBytes<float>(_values).ToArray());
    }

    [Benchmark(Baseline = true)]
    public float[] ReadBySerializer() => JsonSerializer.Deserialize<float[]>(_array)!;

    [Benchmark]
    public int ReadRequest()
    {
        using InferBody body = InferBodyReader.Read(_body);
        return body.Inputs.Count;
    }

    [Benchmark]
    public int WriteAnswer()
    {
        _output.ResetWrittenCount();
        TensorJsonWriter.WriteElements(_output, _tensor);
        return _output.WrittenCount;
    }

    [Benchmark]
    public byte[] WriteBySerializer() => JsonSerializer.SerializeToUtf8Bytes(_values);
}

/// <summary>How many digits the numbers have.</summary>
public enum NumberForm
{
    Pixels,
    Features,
    Doubles,
}
