using System.Buffers.Binary;
using System.Text;
using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>
/// A model of independent rows with everything that makes batching hard: a free second dimension, strings in and out, an optional input, several outputs.
/// Row by row: <c>sum</c> of <c>x</c>, <c>copy</c> of <c>x</c>, <c>text</c> = the string and the number of values (and the optional input's value).
/// </summary>
internal static class RowModel
{
    public static ModelSignature Signature { get; } = new(
        [
            new TensorSignature("x", TensorDataType.Int64, new TensorShape(-1, -1)),
            new TensorSignature("s", TensorDataType.String, new TensorShape(-1, 1)),
            new TensorSignature("o", TensorDataType.Int64, new TensorShape(-1)) { IsOptional = true },
        ],
        [
            new TensorSignature("sum", TensorDataType.Int64, new TensorShape(-1)),
            new TensorSignature("copy", TensorDataType.Int64, new TensorShape(-1, -1)),
            new TensorSignature("text", TensorDataType.String, new TensorShape(-1, 2)),
        ])
    { IsBatchable = true };

    public static FakeModelDefinition Definition { get; } = new() { Signature = Signature, Run = (_, inputs, outputs, _) => Run(inputs, outputs) };

    public static Tensor[] Run(Tensor?[] inputs, int[] outputs) => Array.ConvertAll(outputs, output => output switch
    {
        0 => Int64("sum", [inputs[0]!.Shape[0]], [.. Rows(inputs[0]!).Select(static row => row.Sum())]),
        1 => new Tensor("copy", TensorDataType.Int64, inputs[0]!.Shape, inputs[0]!.Data.ToArray()),
        _ => Text(inputs),
    });

    public static InferenceRequest RandomRequest(Random random, string model, int maxRows)
    {
        int rows = random.Next(1, maxRows + 1);
        int width = random.Next(1, 4);
        List<Tensor> inputs =
        [
            Int64("x", [rows, width], [.. Enumerable.Range(0, rows * width).Select(_ => (long)random.Next(-1000, 1000))]),
            Strings("s", [rows, 1], [.. Enumerable.Range(0, rows).Select(_ => new string((char)('a' + random.Next(26)), random.Next(0, 9)))]),
        ];
        if (random.Next(3) == 0)
        {
            inputs.Add(Int64("o", [rows], [.. Enumerable.Range(0, rows).Select(_ => (long)random.Next(100))]));
        }

        string[] names = ["sum", "copy", "text"];
        random.Shuffle(names);
        return new InferenceRequest { ModelName = model, Inputs = inputs, RequestedOutputs = names[..random.Next(0, 4)] };
    }

    public static Tensor[] RunUnbatched(InferenceRequest request)
    {
        Tensor?[] inputs = [.. Signature.Inputs.Select(input => request.Inputs.FirstOrDefault(given => given.Name == input.Name))];
        int[] outputs = request.RequestedOutputs.Count == 0 ? [0, 1, 2] : [.. request.RequestedOutputs.Select(Signature.IndexOfOutput)];
        return Run(inputs, outputs);
    }

    private static Tensor Text(Tensor?[] inputs)
    {
        long[][] rows = [.. Rows(inputs[0]!)];
        long[]? optional = inputs[2] is { } given ? [.. Rows(given).Select(static row => row[0])] : null;
        string[] strings = Unpack(inputs[1]!);
        return Strings("text", [rows.Length, 2], [.. rows.SelectMany((row, index) => new[] { strings[index], $"{row.Length}/{optional?[index]}" })]);
    }

    private static IEnumerable<long[]> Rows(Tensor tensor)
    {
        long rows = tensor.Shape[0];
        int width = rows == 0 ? 0 : (int)(tensor.ElementCount / rows);
        for (int row = 0; row < rows; row++)
        {
            long[] values = new long[width];
            for (int i = 0; i < width; i++)
            {
                values[i] = BinaryPrimitives.ReadInt64LittleEndian(tensor.Data.Span[(((row * width) + i) * 8)..]);
            }

            yield return values;
        }
    }

    private static Tensor Int64(string name, long[] shape, long[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        }

        return new Tensor(name, TensorDataType.Int64, new TensorShape(shape), bytes);
    }

    private static Tensor Strings(string name, long[] shape, string[] values)
    {
        using MemoryStream packed = new();
        foreach (string value in values)
        {
            packed.Write(BitConverter.GetBytes(value.Length));
            packed.Write(Encoding.ASCII.GetBytes(value));
        }

        return new Tensor(name, TensorDataType.String, new TensorShape(shape), packed.ToArray());
    }

    private static string[] Unpack(Tensor tensor)
    {
        List<string> values = [];
        for (ReadOnlySpan<byte> rest = tensor.Data.Span; !rest.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            values.Add(Encoding.ASCII.GetString(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        return [.. values];
    }
}
