using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>Makes and reads tensors in tests.</summary>
public static class TestTensors
{
    public static Tensor Of<T>(string name, TensorDataType type, long[] shape, params T[] values)
        where T : unmanaged => new(name, type, new TensorShape(shape), MemoryMarshal.AsBytes<T>(values).ToArray());

    public static Tensor Floats(string name, long[] shape, params float[] values) => Of(name, TensorDataType.Float32, shape, values);

    public static Tensor Strings(string name, long[] shape, params string[] values) =>
        Bytes(name, shape, [.. values.Select(Encoding.UTF8.GetBytes)]);

    public static Tensor Bytes(string name, long[] shape, params byte[][] values)
    {
        List<byte> packed = [];
        byte[] length = new byte[sizeof(int)];
        foreach (byte[] value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
            packed.AddRange(length);
            packed.AddRange(value);
        }

        return new Tensor(name, TensorDataType.String, new TensorShape(shape), packed.ToArray());
    }

    public static T[] Values<T>(this Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data.Span).ToArray();

    public static string[] Texts(this Tensor tensor)
    {
        List<string> texts = [];
        ReadOnlySpan<byte> packed = tensor.Data.Span;
        while (!packed.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(packed);
            texts.Add(Encoding.UTF8.GetString(packed.Slice(sizeof(int), length)));
            packed = packed[(sizeof(int) + length)..];
        }

        return [.. texts];
    }
}
