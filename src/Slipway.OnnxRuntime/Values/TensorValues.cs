using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Tensors into the engine without copying, and out of it.</summary>
internal static unsafe class TensorValues
{
    // Where a tensor of no bytes points to: the engine wants an address all the same.
    private static readonly byte[] Nothing = GC.AllocateArray<byte>(TensorBufferPool.Alignment, pinned: true);

    /// <summary>
    /// Makes a value over the tensor's own bytes, which stay pinned in <paramref name="pins"/> and lie in <paramref name="range"/>; strings are copied.
    /// </summary>
    public static OrtValue* Create(OrtMemoryInfo* cpu, OrtAllocator* allocator, Tensor tensor, ref PinnedInputs pins, out AddressRange range)
    {
        ReadOnlyMemory<byte> data = tensor.Data;
        ReadOnlySpan<long> shape = tensor.Shape.Dimensions;
        if (!tensor.Shape.TryGetElementCount(out long count))
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{tensor.Name}': shape {tensor.Shape} has no size");
        }

        range = default;
        if (tensor.DataType == TensorDataType.String)
        {
            return StringValues.Create(allocator, tensor.Name, data.Span, shape, count);
        }

        long expected = tensor.DataType.ByteLength(count);
        if (expected != data.Length)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch,
                $"input '{tensor.Name}': shape {tensor.Shape} of {tensor.DataType.ToName()} takes {expected} bytes, {data.Length} were given");
        }

        byte* bytes;
        if (expected == 0)
        {
            bytes = (byte*)Unsafe.AsPointer(ref Nothing[0]);
        }
        else
        {
            bytes = pins.Add(data);
            int size = tensor.DataType.ElementSize();
            if (size > 1 && ((nint)bytes & (size - 1)) != 0)
            {
                // A slice of a larger message may lie at any address, but kernels may load whole elements.
                byte[] aligned = GC.AllocateUninitializedArray<byte>(data.Length);
                data.Span.CopyTo(aligned);
                bytes = pins.Add(aligned);
            }
        }

        range = new AddressRange((nuint)bytes, (nuint)expected);
        OrtValue* value;
        fixed (long* dimensions = shape)
        {
            OrtStatusCheck.Check(OrtLibrary.Api->CreateTensorWithDataAsOrtValue(
                cpu, bytes, (nuint)expected, dimensions, (nuint)shape.Length, ElementTypes.ToOnnx(tensor.DataType), &value));
        }

        return value;
    }

    /// <summary>
    /// Wraps a tensor value that the engine gave. Takes over <paramref name="value"/>, also when it throws.
    /// </summary>
    /// <param name="value">A tensor in CPU memory.</param>
    /// <param name="name">Name of the output.</param>
    /// <param name="inputs">Addresses of this run's inputs: an output that is one of them is copied, as that memory is the caller's.</param>
    /// <param name="session">Kept alive with the tensor.</param>
    public static Tensor Wrap(OrtValue* value, string name, in AddressRanges inputs, SessionHandle session)
    {
        OrtApi* api = OrtLibrary.Api;
        try
        {
            TensorShape shape = Describe(value, out OnnxElementType element, out long count);
            TensorDataType type = ElementTypes.FromOnnx(element);
            if (type == TensorDataType.Undefined)
            {
                throw new SlipwayException(ErrorCode.NotSupported, $"output '{name}' has elements of type {element}, which can't be sent");
            }

            if (type == TensorDataType.String)
            {
                TensorBuffer packed = StringValues.Read(value, name, count);
                api->ReleaseValue(value);
                return new Tensor(name, type, shape, packed.Memory, packed);
            }

            long length = type.ByteLength(count);
            if (length > int.MaxValue)
            {
                throw new SlipwayException(ErrorCode.ModelFailed, $"output '{name}' of shape {shape} is larger than 2 GiB");
            }

            void* data;
            OrtStatusCheck.Check(api->GetTensorMutableData(value, &data));
            if (inputs.Contain(data))
            {
                TensorBuffer copy = TensorBufferPool.Shared.Rent(length);
                new ReadOnlySpan<byte>(data, (int)length).CopyTo(copy.Span);
                api->ReleaseValue(value);
                return new Tensor(name, type, shape, copy.Memory, copy);
            }

            ValueMemory memory = new(value, data, (int)length, session);
            return new Tensor(name, type, shape, memory.Memory, memory);
        }
        catch
        {
            api->ReleaseValue(value);
            throw;
        }
    }

    /// <summary>Type, shape and number of elements of a tensor value.</summary>
    public static TensorShape Describe(OrtValue* value, out OnnxElementType element, out long count)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtTensorTypeAndShapeInfo* info;
        OrtStatusCheck.Check(api->GetTensorTypeAndShape(value, &info));
        try
        {
            OnnxElementType type;
            OrtStatusCheck.Check(api->GetTensorElementType(info, &type));
            nuint rank;
            OrtStatusCheck.Check(api->GetDimensionsCount(info, &rank));
            element = type;
            count = 1;
            if (rank == 0)
            {
                return TensorShape.Scalar;
            }

            long[] dimensions = new long[(int)rank];
            fixed (long* first = dimensions)
            {
                OrtStatusCheck.Check(api->GetDimensions(info, first, rank));
            }

            foreach (long dimension in dimensions)
            {
                count *= dimension;
            }

            return new TensorShape(dimensions);
        }
        finally
        {
            api->ReleaseTensorTypeAndShapeInfo(info);
        }
    }
}
