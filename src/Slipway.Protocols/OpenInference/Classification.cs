using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>
/// The classification extension: replaces an output by its largest values, each as <c>value:index</c> or <c>value:index:label</c>, largest first, the lower index first
/// among equals, NaN last. Values are written as C's <c>%f</c> and <c>%d</c> write them.
/// </summary>
internal static class Classification
{
    /// <summary>Makes the classes of <paramref name="output"/>, which stays the caller's.</summary>
    /// <param name="output">Integers, FP32 or FP64.</param>
    /// <param name="classes">Most classes wanted of each item, 1 or more.</param>
    /// <param name="servable">The version that answered: says whether the first dimension is a batch of items, and what the classes are called.</param>
    /// <returns>A BYTES tensor <c>[classes]</c>, or <c>[batch, classes]</c>, in memory of its own.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> for other datatypes.</exception>
    public static Tensor Classify(Tensor output, long classes, ServableInfo servable)
    {
        if (classes <= 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"output '{output.Name}': parameter 'classification' must be 1 or more");
        }

        bool batched = servable.MaxBatchSize > 0 && output.Shape.Rank > 0;
        int items = batched ? (int)output.Shape[0] : 1;
        int wanted = (int)Math.Min(classes, ValuesOf(output.Shape.Dimensions[(batched ? 1 : 0)..]));
        IReadOnlyList<string> labels = ClassLabels.Of(output.Name, servable);
        using MemoryStream packed = new();
        switch (output.DataType)
        {
            case TensorDataType.UInt8:
                Write<byte>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.UInt16:
                Write<ushort>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.UInt32:
                Write<uint>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.UInt64:
                Write<ulong>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.Int8:
                Write<sbyte>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.Int16:
                Write<short>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.Int32:
                Write<int>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.Int64:
                Write<long>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.Float32:
                Write<float>(output, items, wanted, labels, packed);
                break;
            case TensorDataType.Float64:
                Write<double>(output, items, wanted, labels, packed);
                break;
            default:
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"output '{output.Name}' is {output.DataType.ToName()}, which can't be classified; integers, FP32 and FP64 can");
        }

        TensorShape shape = batched ? new TensorShape(items, wanted) : new TensorShape(wanted);
        return new Tensor(output.Name, TensorDataType.String, shape, packed.ToArray());
    }

    private static long ValuesOf(ReadOnlySpan<long> dimensions)
    {
        Int128 values = 1;
        foreach (long dimension in dimensions)
        {
            values = Int128.Min(values * dimension, int.MaxValue);
        }

        return (long)values;
    }

    private static void Write<T>(Tensor output, int items, int wanted, IReadOnlyList<string> labels, MemoryStream packed)
        where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(output.Data.Span);
        int perItem = items == 0 ? 0 : values.Length / items;
        int[] order = new int[perItem];
        T[] keys = new T[perItem];
        Span<byte> length = stackalloc byte[sizeof(int)];
        for (int item = 0; item < items; item++)
        {
            values.Slice(item * perItem, perItem).CopyTo(keys);
            for (int i = 0; i < perItem; i++)
            {
                order[i] = i;
            }

            T[] row = keys;
            Array.Sort(order, (a, b) => Compare(row[a], row[b]) is not 0 and int unequal ? unequal : a.CompareTo(b));
            for (int rank = 0; rank < wanted; rank++)
            {
                int index = order[rank];
                byte[] text = Encoding.UTF8.GetBytes(Describe(row[index], index, index < labels.Count ? labels[index] : ""));
                BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
                packed.Write(length);
                packed.Write(text);
            }
        }
    }

    // Larger first; what isn't a number behind all that are.
    private static int Compare<T>(T a, T b)
        where T : INumber<T> => T.IsNaN(a) || T.IsNaN(b) ? T.IsNaN(a).CompareTo(T.IsNaN(b)) : b.CompareTo(a);

    private static string Describe<T>(T value, int index, string label)
        where T : INumber<T>
    {
        string format = typeof(T) == typeof(float) || typeof(T) == typeof(double) ? "F6" : "D";
        string text = T.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : T.IsNaN(value) ? "nan" : T.IsNegative(value) ? "-inf" : "inf";
        return label.Length == 0 ? $"{text}:{index}" : $"{text}:{index}:{label}";
    }
}
