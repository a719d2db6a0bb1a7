using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Benchmarks;

/// <summary>Rows of 30 numbers out of CSV, and answers of one number into it: the text of <c>slipway score</c>, 1,024 rows a batch.</summary>
[MemoryDiagnoser]
public class CsvRowBenchmarks
{
    private const int Rows = 1024;
    private const int Columns = 30;

    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private byte[] _text = [];
    private RowDecoder _decoder = null!;
    private RowEncoder _encoder = null!;
    private RowBatch _batch = null!;
    private Tensor _answer = null!;

    [GlobalSetup]
    public void Prepare()
    {
        Random random = new(3);
        _text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Rows).Select(_ => string.Join(
            ',', Enumerable.Range(0, Columns).Select(_ => ((float)((random.NextDouble() * 4) - 2)).ToString("R", CultureInfo.InvariantCulture))) + "\n")));
        ModelSignature signature = new(
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, Columns))],
            [new TensorSignature("y", TensorDataType.Float32, new TensorShape(-1, 1))])
        {
            IsBatchable = true,
        };
        RowBinding binding = RowBinding.Create(signature, RowFormat.Csv, [.. Enumerable.Range(0, Columns).Select(static i => $"f{i}")], RowReadOptions.Default);
        _decoder = RowDecoder.Create(binding, RowReadOptions.Default);
        _encoder = RowEncoder.Create(RowFormat.Csv, RowOutputs.Create(signature, []));
        _batch = new RowBatch(binding);
        float[] answers = [.. Enumerable.Range(0, Rows).Select(_ => random.NextSingle())];
        _answer = new Tensor("y", TensorDataType.Float32, new TensorShape(Rows, 1), MemoryMarshal.AsBytes<float>(answers).ToArray());
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int ReadRow()
    {
        _batch.Reset();
        long line = 1;
        int read = _decoder.Decode(_text, ref line, _batch);
        foreach (Tensor? tensor in _batch.ToTensors())
        {
            tensor?.Dispose();
        }

        return read;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int WriteRow()
    {
        _output.ResetWrittenCount();
        _encoder.Write([_answer], Rows, _output);
        return _output.WrittenCount;
    }

    [GlobalCleanup]
    public void Close() => _batch.Dispose();
}
