using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Tensors into the engine without copying, and out of it.</summary>
internal static unsafe class TensorValues
{
    // No array holds more 4-bit elements; what is below can't overflow when it is multiplied by an element's size.
    private const long MostElements = 2L * int.MaxValue;

    // Where a tensor of no bytes points to: the engine wants an address all the same.
    private static readonly byte[] Nothing = GC.AllocateArray<byte>(TensorBufferPool.Alignment, pinned: true);

    /// <summary>
    /// Makes a value over the tensor's own bytes, which stay pinned until <paramref name="scratch"/> is released; strings are copied.
    /// </summary>
    public static OrtValue* Create(OrtMemoryInfo* cpu, OrtAllocator* allocator, Tensor tensor, RunScratch scratch)
    {
        ReadOnlyMemory<byte> data = tensor.Data;
        ReadOnlySpan<long> shape = tensor.Shape.Dimensions;
        if (!tensor.Shape.TryGetElementCount(out long count) || count > MostElements)
        {
            throw NoSize(tensor);
        }

        if (tensor.DataType == TensorDataType.String)
        {
            return StringValues.Create(allocator, tensor.Name, data.Span, shape, count);
        }

        long expected = tensor.DataType.ByteLength(count);
        if (expected != data.Length)
        {
            throw WrongLength(tensor, expected);
        }

        byte* bytes;
        if (expected == 0)
        {
            bytes = (byte*)Unsafe.AsPointer(ref Nothing[0]);
        }
        else
        {
            bytes = scratch.Pin(data);
            int size = tensor.DataType.ElementSize();
            if (size > 1 && ((nint)bytes & (size - 1)) != 0)
            {
                // A slice of a larger message may lie at any address, but kernels may load whole elements.
                byte[] aligned = GC.AllocateUninitializedArray<byte>(data.Length);
                data.Span.CopyTo(aligned);
                bytes = scratch.Pin(aligned);
            }
        }

        scratch.AddRange(bytes, (nuint)expected);
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
    /// <param name="scratch">Knows where this run's inputs lie: an output that is one of them is copied, as that memory is the caller's.</param>
    /// <param name="session">Kept alive with the tensor.</param>
    public static Tensor Wrap(OrtValue* value, string name, RunScratch scratch, SessionHandle session)
    {
        try
        {
            return WrapValue(value, name, scratch, session);
        }
        catch
        {
            OrtLibrary.Api->ReleaseValue(value);
            throw;
        }
    }

    /// <summary>Type, shape and number of elements of a tensor value.</summary>
    public static TensorShape Describe(OrtValue* value, out OnnxElementType element, out long count)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtTensorTypeAndShapeInfo* info;
        OrtStatusCheck.Check(api->GetTensorTypeAndShape(value, &info));
        OnnxElementType type = OnnxElementType.Undefined;
        nuint rank = 0;
        long[] dimensions = [];
        OrtStatus* failure = api->GetTensorElementType(info, &type);
        if (failure is null)
        {
            failure = api->GetDimensionsCount(info, &rank);
        }

        if (failure is null && rank > 0)
        {
            dimensions = new long[(int)rank];
            fixed (long* first = dimensions)
            {
                failure = api->GetDimensions(info, first, rank);
            }
        }

        api->ReleaseTensorTypeAndShapeInfo(info);
        OrtStatusCheck.Check(failure);
        element = type;
        count = 1;
        foreach (long dimension in dimensions)
        {
            count *= dimension;
        }

        return rank == 0 ? TensorShape.Scalar : new TensorShape(dimensions);
    }

    // Without try, and not inlined into one: there the runtime takes a slower way out of managed code.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor WrapValue(OrtValue* value, string name, RunScratch scratch, SessionHandle session)
    {
        OrtApi* api = OrtLibrary.Api;
        TensorShape shape = Describe(value, out OnnxElementType element, out long count);
        TensorDataType type = ElementTypes.FromOnnx(element);
        if (type == TensorDataType.Undefined)
        {
            throw Unsendable(name, element);
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
            throw TooLarge(name, shape);
        }

        void* data;
        OrtStatusCheck.Check(api->GetTensorMutableData(value, &data));
        if (scratch.IsInput(data))
        {
            TensorBuffer copy = TensorBufferPool.Shared.Rent(length);
            new ReadOnlySpan<byte>(data, (int)length).CopyTo(copy.Span);
            api->ReleaseValue(value);
            return new Tensor(name, type, shape, copy.Memory, copy);
        }

        ValueMemory memory = new(value, data, (int)length, session);
        return new Tensor(name, type, shape, memory.Memory, memory);
    }

    private static SlipwayException NoSize(Tensor tensor) =>
        new(ErrorCode.ShapeMismatch, $"input '{tensor.Name}': shape {tensor.Shape} is larger than a tensor can be");

    private static SlipwayException WrongLength(Tensor tensor, long expected) => new(
        ErrorCode.ShapeMismatch,
        $"input '{tensor.Name}': shape {tensor.Shape} of {tensor.DataType.ToName()} takes {expected} bytes, {tensor.Data.Length} were given");

    private static SlipwayException Unsendable(string name, OnnxElementType element) =>
        new(ErrorCode.NotSupported, $"output '{name}' has elements of type {element}, which can't be sent");

    private static SlipwayException TooLarge(string name, TensorShape shape) =>
        new(ErrorCode.ModelFailed, $"output '{name}' of shape {shape} is larger than 2 GiB");
}
