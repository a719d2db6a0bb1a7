using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Tests.Requests;

public sealed class WideningTests
{
    private static readonly TensorDataType[] Types =
    [
        TensorDataType.Int8, TensorDataType.UInt8, TensorDataType.Int16, TensorDataType.UInt16, TensorDataType.Int32, TensorDataType.UInt32, TensorDataType.Int64, TensorDataType.UInt64,
        TensorDataType.Float16, TensorDataType.BFloat16, TensorDataType.Float32, TensorDataType.Float64,
    ];

    [Fact]
    public void A_pair_is_allowed_exactly_where_every_value_survives()
    {
        foreach (TensorDataType from in Types)
        {
            foreach (TensorDataType to in Types)
            {
                // BF16 is only ever widened to its own like and beyond; integers into FP16 and BF16 stay within what those hold exactly.
                bool survives = from == to || Extremes(from).All(value => Fits(value, to));
                bool isChecked = from is TensorDataType.Int64 or TensorDataType.UInt64 && to == TensorDataType.Float64;
                bool isLeftOut = to == TensorDataType.BFloat16 && from is TensorDataType.Int8 or TensorDataType.UInt8;
                Assert.True(Widening.IsAllowed(from, to) == ((survives && !isLeftOut) || isChecked), $"{from} to {to}");
            }
        }

        Assert.False(Widening.IsAllowed(TensorDataType.String, TensorDataType.String));
        Assert.False(Widening.IsAllowed(TensorDataType.Bool, TensorDataType.Float64));
    }

    [Fact]
    public void Every_allowed_copy_gives_the_same_numbers_at_every_stride()
    {
        Random random = new(7);
        foreach (TensorDataType from in Types)
        {
            foreach (TensorDataType to in Types.Where(to => Widening.IsAllowed(from, to)))
            {
                byte[] source = Values(from, random);
                int count = source.Length / from.ElementSize();
                foreach (int stride in (int[])[1, 3])
                {
                    byte[] target = new byte[count * stride * to.ElementSize()];
                    Assert.True(Widening.TryCopy(from, source, to, target, stride));
                    for (int i = 0; i < count; i++)
                    {
                        Assert.Equal(Read(from, source, i), Read(to, target, i * stride));
                    }
                }
            }
        }
    }

    [Fact]
    public void Long_integers_that_FP64_does_not_have_are_refused()
    {
        byte[] target = new byte[8];
        foreach ((long value, bool isTaken) in ((long, bool)[])[(1L << 53, true), (-(1L << 53), true), ((1L << 53) + 1, false), (long.MaxValue, false), (long.MinValue, false)])
        {
            Assert.Equal(isTaken, Widening.TryCopy(TensorDataType.Int64, MemoryMarshal.AsBytes([value]), TensorDataType.Float64, target, 1));
        }

        Assert.False(Widening.TryCopy(TensorDataType.UInt64, MemoryMarshal.AsBytes([ulong.MaxValue]), TensorDataType.Float64, target, 1));
    }

    // The values at which a narrower type gives up first.
    private static decimal[] Extremes(TensorDataType type) => type switch
    {
        TensorDataType.Int8 => [sbyte.MinValue, sbyte.MaxValue],
        TensorDataType.UInt8 => [0, byte.MaxValue],
        TensorDataType.Int16 => [short.MinValue, short.MaxValue],
        TensorDataType.UInt16 => [0, ushort.MaxValue],
        TensorDataType.Int32 => [int.MinValue, int.MaxValue],
        TensorDataType.UInt32 => [0, uint.MaxValue],
        TensorDataType.Int64 => [long.MinValue, long.MaxValue],
        TensorDataType.UInt64 => [0, ulong.MaxValue],
        TensorDataType.Float16 => [65504m, 0.00006103515625m],
        TensorDataType.BFloat16 => [1.0078125m, 16777216m * 1024m],
        TensorDataType.Float32 => [1.00000011920928955078125m, 16777216m * 1024m],
        _ => [1.0000000000000002220446049250m],
    };

    private static bool Fits(decimal value, TensorDataType type) => type switch
    {
        TensorDataType.Int8 => value == decimal.Truncate(value) && value is >= sbyte.MinValue and <= sbyte.MaxValue,
        TensorDataType.UInt8 => value == decimal.Truncate(value) && value is >= 0 and <= byte.MaxValue,
        TensorDataType.Int16 => value == decimal.Truncate(value) && value is >= short.MinValue and <= short.MaxValue,
        TensorDataType.UInt16 => value == decimal.Truncate(value) && value is >= 0 and <= ushort.MaxValue,
        TensorDataType.Int32 => value == decimal.Truncate(value) && value is >= int.MinValue and <= int.MaxValue,
        TensorDataType.UInt32 => value == decimal.Truncate(value) && value is >= 0 and <= uint.MaxValue,
        TensorDataType.Int64 => value == decimal.Truncate(value) && value is >= long.MinValue and <= long.MaxValue,
        TensorDataType.UInt64 => value == decimal.Truncate(value) && value is >= 0 and <= ulong.MaxValue,
        TensorDataType.Float16 => Math.Abs(value) <= 65504 && (decimal)(double)(Half)(double)value == value,
        TensorDataType.BFloat16 => (decimal)BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)value) & 0xFFFF0000) == value && (decimal)(double)(float)value == value,
        TensorDataType.Float32 => new decimal((double)(float)value) == value && ((float)value).ToString("R", CultureInfo.InvariantCulture).Length > 0 && (double)(float)value == (double)value,
        _ => new System.Numerics.BigInteger(value) == new System.Numerics.BigInteger((double)value),
    };

    private static byte[] Values(TensorDataType type, Random random)
    {
        byte[] bytes = new byte[64 * type.ElementSize()];
        random.NextBytes(bytes);
        if (type is TensorDataType.Int64 or TensorDataType.UInt64)
        {
            // Within what FP64 holds.
            for (int i = 7; i < bytes.Length; i += 8)
            {
                bytes[i] = 0;
                bytes[i - 1] &= 0x1F;
            }
        }

        return bytes;
    }

    private static double Read(TensorDataType type, byte[] bytes, int index)
    {
        ReadOnlySpan<byte> at = bytes.AsSpan(index * type.ElementSize());
        return type switch
        {
            TensorDataType.Int8 => (sbyte)at[0],
            TensorDataType.UInt8 => at[0],
            TensorDataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            TensorDataType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            TensorDataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            TensorDataType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            TensorDataType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
            TensorDataType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(at),
            TensorDataType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
            TensorDataType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            TensorDataType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
        };
    }
}
