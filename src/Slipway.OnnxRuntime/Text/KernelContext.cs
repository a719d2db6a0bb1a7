using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Text;

/// <summary>One call of an operator: its inputs, and where its outputs go. Valid during the call only.</summary>
internal readonly unsafe struct KernelContext(OrtKernelContext* context)
{
    /// <summary>Number of inputs.</summary>
    public int InputCount
    {
        get
        {
            nuint count;
            OrtStatusCheck.Check(OrtLibrary.Api->KernelContext_GetInputCount(context, &count));
            return (int)count;
        }
    }

    /// <summary>An input of strings.</summary>
    public TextTensor Text(int index)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtValue* value = Input(index);
        long[] shape = Shape(value);
        nuint length;
        OrtStatusCheck.Check(api->GetStringTensorDataLength(value, &length));
        int count = checked((int)shape.Aggregate(1L, static (product, size) => product * size));
        byte[] bytes = new byte[checked((int)length)];
        nuint[] offsets = new nuint[count];
        byte nothing;
        nuint none;
        fixed (byte* first = bytes)
        fixed (nuint* starts = offsets)
        {
            if (count > 0)
            {
                OrtStatusCheck.Check(api->GetStringTensorContent(value, first is null ? &nothing : first, length, starts is null ? &none : starts, (nuint)count));
            }
        }

        return new TextTensor(bytes, [.. offsets.Select(static offset => (int)offset), bytes.Length], shape);
    }

    /// <summary>An input of numbers.</summary>
    public (T[] Values, long[] Shape) Numbers<T>(int index)
        where T : unmanaged
    {
        OrtValue* value = Input(index);
        long[] shape = Shape(value);
        void* data;
        OrtStatusCheck.Check(OrtLibrary.Api->GetTensorMutableData(value, &data));
        int count = checked((int)shape.Aggregate(1L, static (product, size) => product * size));
        return (new ReadOnlySpan<T>(data, count).ToArray(), shape);
    }

    /// <summary>Gives an output of strings.</summary>
    public void Give(int index, TextTensor text)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtValue* value = Output(index, text.Shape);
        for (int i = 0; i < text.Count; i++)
        {
            ReadOnlySpan<byte> source = text[i];
            byte* target;
            OrtStatusCheck.Check(api->GetResizedStringTensorElementBuffer(value, (nuint)i, (nuint)source.Length, &target));
            source.CopyTo(new Span<byte>(target, source.Length));
        }
    }

    /// <summary>Gives an output of numbers or truth values.</summary>
    public void Give<T>(int index, ReadOnlySpan<T> values, params long[] shape)
        where T : unmanaged
    {
        void* data;
        OrtStatusCheck.Check(OrtLibrary.Api->GetTensorMutableData(Output(index, shape), &data));
        values.CopyTo(new Span<T>(data, values.Length));
    }

    private OrtValue* Input(int index)
    {
        OrtValue* value;
        OrtStatusCheck.Check(OrtLibrary.Api->KernelContext_GetInput(context, (nuint)index, &value));
        return value is null ? throw new TextFault($"input {index + 1} is missing") : value;
    }

    private OrtValue* Output(int index, long[] shape)
    {
        OrtValue* value;
        long nothing;
        fixed (long* dimensions = shape)
        {
            OrtStatusCheck.Check(OrtLibrary.Api->KernelContext_GetOutput(context, (nuint)index, dimensions is null ? &nothing : dimensions, (nuint)shape.Length, &value));
        }

        return value;
    }

    private static long[] Shape(OrtValue* value)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtTensorTypeAndShapeInfo* info;
        OrtStatusCheck.Check(api->GetTensorTypeAndShape(value, &info));
        try
        {
            nuint rank;
            OrtStatusCheck.Check(api->GetDimensionsCount(info, &rank));
            long[] shape = new long[(int)rank];
            fixed (long* dimensions = shape)
            {
                if (rank > 0)
                {
                    OrtStatusCheck.Check(api->GetDimensions(info, dimensions, rank));
                }
            }

            return shape;
        }
        finally
        {
            api->ReleaseTensorTypeAndShapeInfo(info);
        }
    }
}
