using System.Buffers.Binary;
using Slipway.Cli.Terminal;
using Slipway.Client.Inference;
using Slipway.Client.Models;

namespace Slipway.Cli.Benchmarking;

/// <summary>Makes a request out of nothing but a model's metadata. Values are pseudo-random from a fixed seed: two runs send the same bytes.</summary>
internal static class SyntheticInputs
{
    private const int Seed = 42;
    private const long MostElements = 1L << 28;

    /// <summary>One tensor for each input.</summary>
    /// <param name="model">What the model takes.</param>
    /// <param name="batch">Size of the first dimension where it is free; other free dimensions are 1.</param>
    /// <param name="shapes">Shapes by input that take the place of the metadata's.</param>
    /// <exception cref="CliException">A shape does not fit, or its input is unknown.</exception>
    public static IReadOnlyList<ClientTensor> Create(ModelMetadata model, int batch, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes.Keys.FirstOrDefault(name => model.Inputs.All(input => input.Name != name)) is { } unknown)
        {
            throw new CliException(
                ExitCode.Usage, $"--shape: model '{model.Name}' has no input '{unknown}', only {string.Join(", ", model.Inputs.Select(input => $"'{input.Name}'"))}");
        }

        Random random = new(Seed); // Seeded: the same model gives the same request in every run.
        return [.. model.Inputs.Select(input => Create(input, ShapeOf(input, batch, shapes), random))];
    }

    private static long[] ShapeOf(TensorMetadata input, int batch, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (!shapes.TryGetValue(input.Name, out long[]? shape))
        {
            return [.. input.Shape.Select((size, index) => size >= 0 ? size : index == 0 ? batch : 1)];
        }

        bool fits = shape.Length == input.Shape.Count && shape.Zip(input.Shape).All(pair => pair.Second < 0 || pair.First == pair.Second);
        return fits ? shape : throw new CliException(
            ExitCode.Usage, $"--shape: input '{input.Name}' is [{string.Join(',', input.Shape)}], which [{string.Join(',', shape)}] does not fit");
    }

    private static ClientTensor Create(TensorMetadata input, long[] shape, Random random)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = Math.Min(count * Math.Min(size, MostElements), MostElements + 1);
        }

        return count <= MostElements
            ? new ClientTensor(input.Name, input.Datatype, shape, Fill(input, (int)count, random))
            : throw new CliException(ExitCode.Usage, $"input '{input.Name}' would have more than {MostElements} elements");
    }

    private static byte[] Fill(TensorMetadata input, int count, Random random) => input.Datatype switch
    {
        "FP32" => Repeat(4, count, at => BinaryPrimitives.WriteSingleLittleEndian(at.Span, random.NextSingle())),
        "FP64" => Repeat(8, count, at => BinaryPrimitives.WriteDoubleLittleEndian(at.Span, random.NextDouble())),
        "FP16" => Repeat(2, count, at => BinaryPrimitives.WriteHalfLittleEndian(at.Span, (Half)random.NextSingle())),
        "BF16" => Repeat(2, count, at => BinaryPrimitives.WriteUInt16LittleEndian(at.Span, (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle()) >> 16))),
        "BYTES" => Repeat(5, count, at => WriteLetter(at.Span, random)),

        // 0 and 1 are valid indices into nearly everything that a model looks up.
        "INT64" or "UINT64" => Repeat(8, count, at => at.Span[0] = (byte)random.Next(2)),
        "INT32" or "UINT32" => Repeat(4, count, at => at.Span[0] = (byte)random.Next(2)),
        "INT16" or "UINT16" => Repeat(2, count, at => at.Span[0] = (byte)random.Next(2)),
        "INT8" or "UINT8" or "BOOL" => Repeat(1, count, at => at.Span[0] = (byte)random.Next(2)),
        _ => throw new CliException(ExitCode.BadInput, $"input '{input.Name}' is of datatype {input.Datatype}, for which no values can be made up; give --input"),
    };

    private static byte[] Repeat(int size, int count, Action<Memory<byte>> write)
    {
        byte[] bytes = new byte[checked(size * count)];
        for (int i = 0; i < count; i++)
        {
            write(bytes.AsMemory(i * size, size));
        }

        return bytes;
    }

    private static void WriteLetter(Span<byte> at, Random random)
    {
        BinaryPrimitives.WriteInt32LittleEndian(at, 1);
        at[4] = (byte)('a' + random.Next(26));
    }
}
