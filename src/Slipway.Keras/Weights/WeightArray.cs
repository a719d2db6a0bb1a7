using System.Runtime.InteropServices;
using Slipway.Keras.Hdf5;
using Slipway.Keras.Models;

namespace Slipway.Keras.Weights;

/// <summary>A variable of a layer: an array that is read when it is needed.</summary>
internal sealed class WeightArray
{
    private readonly Hdf5Dataset _data;
    private ReadOnlyMemory<byte>? _singles;

    public WeightArray(string name, Hdf5Dataset data)
    {
        (Name, _data) = (name, data);
    }

    /// <summary>Name of the variable as the file has it, for messages.</summary>
    public string Name { get; }

    /// <summary>The shape.</summary>
    public long[] Shape => _data.Dimensions;

    /// <summary>Number of elements.</summary>
    public int Count => _data.Count;

    /// <summary>The elements as binary32, row by row; possibly a view of the file.</summary>
    public ReadOnlySpan<float> Values => MemoryMarshal.Cast<byte, float>(Bytes.Span);

    /// <summary>The bytes of <see cref="Values"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _singles ??= _data.ReadSingles();

    /// <summary>The elements as text.</summary>
    public string[] Texts => _data.ReadTexts();

    /// <summary>The elements as integers.</summary>
    public long[] Integers => _data.ReadIntegers();

    /// <summary>The bytes of the elements with the dimensions in another order.</summary>
    public ReadOnlyMemory<byte> Transposed(params int[] order)
    {
        long[] shape = Shape;
        if (order.Length != shape.Length)
        {
            throw KerasFault.Invalid($"the weight '{Name}' has {shape.Length} dimensions where {order.Length} are expected");
        }

        ReadOnlySpan<float> source = Values;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(source.Length * sizeof(float));
        Span<float> target = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        long[] strides = new long[order.Length];
        long stride = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        long[] sizes = [.. order.Select(axis => shape[axis])];
        long[] steps = [.. order.Select(axis => strides[axis])];
        long[] position = new long[order.Length];
        long from = 0;
        for (int to = 0; to < target.Length; to++)
        {
            target[to] = source[(int)from];
            for (int axis = order.Length - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++position[axis] < sizes[axis])
                {
                    break;
                }

                from -= steps[axis] * sizes[axis];
                position[axis] = 0;
            }
        }

        return bytes;
    }
}
