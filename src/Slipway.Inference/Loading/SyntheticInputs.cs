using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Inference.Loading;

/// <summary>Makes inputs that no caller sent, for warm-up and probes. The values come from a fixed seed, so that a load does the same each time.</summary>
internal static class SyntheticInputs
{
    // Enough for any input that a model can reasonably want; a signature that asks for more is not worth a probe.
    private const long MaxBytes = 256L << 20;

    /// <summary>One tensor per input of the signature, or null when they would be too large.</summary>
    /// <param name="inputs">Inputs in the engine's order.</param>
    /// <param name="rows">Size of the first dimension where it is free and <paramref name="isBatch"/>.</param>
    /// <param name="isBatch">Whether the first dimension is a batch.</param>
    /// <param name="freeSize">Size of every other free dimension.</param>
    /// <param name="fill">Zeros or pseudo-random values.</param>
    public static Tensor[]? Create(IReadOnlyList<TensorSignature> inputs, int rows, bool isBatch, int freeSize, WarmupFill fill)
    {
        Tensor[] tensors = new Tensor[inputs.Count];
        long budget = MaxBytes;
        for (int i = 0; i < tensors.Length; i++)
        {
            TensorShape shape = Resolve(inputs[i].Shape, rows, isBatch, freeSize);
            if (!shape.TryGetElementCount(out long count) || count > budget / 16)
            {
                return null;
            }

            tensors[i] = new Tensor(inputs[i].Name, inputs[i].DataType, shape, Fill(inputs[i].DataType, count, fill, seed: i + 1));
            budget -= tensors[i].Data.Length;
        }

        return tensors;
    }

    /// <summary>Bytes of <paramref name="count"/> elements.</summary>
    public static byte[] Fill(TensorDataType type, long count, WarmupFill fill, int seed)
    {
        if (type == TensorDataType.String)
        {
            return FillStrings(count, fill, seed);
        }

        byte[] bytes = new byte[type.ByteLength(count)];
        if (fill == WarmupFill.Zero)
        {
            return bytes;
        }

#pragma warning disable RS0030 // Seeded on purpose: the same model is warmed with the same values each time.
        Random random = new(seed);
#pragma warning restore RS0030
        for (int i = 0; i < count; i++)
        {
            Write(type, bytes, i, random);
        }

        return bytes;
    }

    // Integers stay 0 or 1: as an index, a class or a mask they then suit nearly every model.
    private static void Write(TensorDataType type, Span<byte> bytes, int index, Random random)
    {
        float value = random.NextSingle();
        int bit = value < 0.5f ? 0 : 1;
        switch (type)
        {
            case TensorDataType.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(bytes[(index * 4)..], value);
                break;
            case TensorDataType.Float64:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes[(index * 8)..], value);
                break;
            case TensorDataType.Float16:
                BinaryPrimitives.WriteHalfLittleEndian(bytes[(index * 2)..], (Half)value);
                break;
            case TensorDataType.BFloat16:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[(index * 2)..], (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                break;
            case TensorDataType.Int4 or TensorDataType.UInt4:
                bytes[index / 2] |= (byte)(bit << (index % 2 * 4));
                break;
            default:
                bytes[index * type.ElementSize()] = (byte)bit;
                break;
        }
    }

    private static byte[] FillStrings(long count, WarmupFill fill, int seed)
    {
        List<byte> packed = new((int)Math.Min(count * 8, 1 << 20));
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        for (long i = 0; i < count; i++)
        {
            byte[] text = fill == WarmupFill.Zero ? [] : Encoding.ASCII.GetBytes($"w{(i * seed) % 97}");
            BinaryPrimitives.WriteInt32LittleEndian(prefix, text.Length);
            packed.AddRange(prefix);
            packed.AddRange(text);
        }

        return CollectionsMarshal.AsSpan(packed).ToArray();
    }

    private static TensorShape Resolve(TensorShape shape, int rows, bool isBatch, int freeSize)
    {
        long[] resolved = shape.Dimensions.ToArray();
        for (int i = 0; i < resolved.Length; i++)
        {
            if (resolved[i] < 0)
            {
                resolved[i] = i == 0 && isBatch ? rows : freeSize;
            }
        }

        return new TensorShape(resolved);
    }
}
