using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core.Rows;

namespace Slipway.Core.Tests.Rows;

/// <summary>Reads and writes whole texts through the codecs, as a program does that has a file.</summary>
internal static class RowFixture
{
    public static ModelSignature Signature(params TensorSignature[] inputs) => new(inputs, []) { IsBatchable = true };

    public static TensorSignature Input(string name, TensorDataType type, params long[] shape) => new(name, type, new TensorShape(shape));

    /// <summary>Everything that was read of a text: tensors of each batch, rejected rows as "line: reason".</summary>
    public sealed record Result(List<Tensor?[]> Batches, List<string> Rejects, List<long> Lines, RowBinding Binding)
    {
        public T[] Values<T>(int input)
            where T : unmanaged => [.. Batches.SelectMany(batch => MemoryMarshal.Cast<byte, T>(batch[input]!.Data.Span).ToArray())];

        public string[] Strings(int input) => [.. Batches.SelectMany(batch => Unpack(batch[input]!))];
    }

    public static Result Read(RowFormat format, string text, ModelSignature signature, RowReadOptions? options = null, int batch = 1000) =>
        Read(format, Encoding.UTF8.GetBytes(text), signature, options, batch);

    public static Result Read(RowFormat format, byte[] bytes, ModelSignature signature, RowReadOptions? options = null, int batch = 1000)
    {
        options ??= RowReadOptions.Default;
        RowSplitter splitter = RowSplitter.Create(format, options, 1 << 20);
        Assert.True(splitter.TryCut(bytes, true, 1, out RowBlock first));
        RowBinding binding = RowBinding.Create(signature, format, RowColumns.Read(format, bytes.AsSpan(0, first.Length), options), options);
        int position = format == RowFormat.Csv && options.HasHeader ? first.Length : 0;
        splitter = position == 0 ? RowSplitter.Create(format, options, 1 << 20) : splitter;
        RowDecoder decoder = RowDecoder.Create(binding, options);
        using RowBatch rows = new(binding);
        Result result = new([], [], [], binding);
        while (splitter.TryCut(bytes.AsSpan(position), true, batch, out RowBlock block))
        {
            long line = block.Line;
            int done = 0;
            while (done < block.Length)
            {
                rows.Reset();
                done += decoder.Decode(bytes.AsSpan(position + done, block.Length - done), ref line, rows);
                result.Rejects.AddRange(rows.Rejects.ToArray().Select(reject => $"{reject.Line}: {reject.Reason}"));
                result.Lines.AddRange(rows.Origins.ToArray().Select(origin => origin.Line));
                if (rows.Count > 0)
                {
                    result.Batches.Add(rows.ToTensors());
                }
            }

            Assert.InRange(line - splitter.Line, 0, bytes[^1] == (byte)'\n' ? 0 : 1);
            position += block.Length;
        }

        Assert.Equal(bytes.Length, position);
        return result;
    }

    public static string Write(RowFormat format, ModelSignature signature, int rows, params Tensor[] tensors)
    {
        RowOutputs outputs = RowOutputs.Create(signature, []);
        RowEncoder encoder = RowEncoder.Create(format, outputs);
        ArrayBufferWriter<byte> body = new();
        encoder.Write(tensors, rows, body);
        ArrayBufferWriter<byte> header = new();
        encoder.WriteHeader(header);
        return Encoding.UTF8.GetString(header.WrittenSpan) + Encoding.UTF8.GetString(body.WrittenSpan);
    }

    public static Tensor Tensor<T>(TensorSignature signature, long[] shape, params T[] values)
        where T : unmanaged => new(signature.Name, signature.DataType, new TensorShape(shape), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static Tensor Strings(TensorSignature signature, long[] shape, params string[] values)
    {
        List<byte> packed = [];
        foreach (string value in values)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            packed.AddRange(BitConverter.GetBytes(bytes.Length));
            packed.AddRange(bytes);
        }

        return new Tensor(signature.Name, TensorDataType.String, new TensorShape(shape), packed.ToArray());
    }

    public static string[] Unpack(Tensor tensor)
    {
        List<string> values = [];
        ReadOnlySpan<byte> rest = tensor.Data.Span;
        while (!rest.IsEmpty)
        {
            int length = BitConverter.ToInt32(rest);
            values.Add(Encoding.UTF8.GetString(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        return [.. values];
    }
}
