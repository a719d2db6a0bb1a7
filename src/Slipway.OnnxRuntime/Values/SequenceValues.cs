using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>
/// Sequences of tensors as two tensors: all elements one after another, and the shapes: a row for each tensor, as wide as the largest rank,
/// padded at the end with -1.
/// </summary>
internal static unsafe class SequenceValues
{
    private const long Padding = -1;

    /// <summary>Reads a sequence; the value stays the caller's.</summary>
    public static (Tensor Values, Tensor Shapes) Read(OrtValue* sequence, ValuePlan plan, OrtAllocator* allocator)
    {
        int count = Count(sequence);
        TensorShape[] shapes = new TensorShape[count];
        nint[] elements = new nint[count];
        try
        {
            long bytes = 0;
            long total = 0;
            for (int i = 0; i < count; i++)
            {
                elements[i] = (nint)Element(sequence, i, allocator);
                shapes[i] = TensorValues.Describe((OrtValue*)elements[i], out _, out long size);
                total += size;
                bytes += ByteLength((OrtValue*)elements[i], plan.ElementType, size);
            }

            TensorBuffer values = TensorBufferPool.Shared.Rent(Limited(bytes, plan.Name));
            int position = 0;
            for (int i = 0; i < count; i++)
            {
                shapes[i].TryGetElementCount(out long size);
                position += Copy((OrtValue*)elements[i], plan.Name, plan.ElementType, size, values.Span[position..]);
            }

            Tensor main = new(plan.Name, plan.ElementType, new TensorShape(total), values.Memory, values);
            return (main, Pack(plan.Name, shapes));
        }
        finally
        {
            foreach (nint element in elements)
            {
                OrtLibrary.Api->ReleaseValue((OrtValue*)element);
            }
        }
    }

    /// <summary>Makes a sequence of a request's two tensors.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ShapeMismatch"/> when the two don't fit, or for no tensors at all, which the engine can't take.</exception>
    public static OrtValue* Create(OrtMemoryInfo* cpu, OrtAllocator* allocator, Tensor values, Tensor shapes, RunScratch scratch)
    {
        ReadOnlySpan<long> rows = MemoryMarshal.Cast<byte, long>(shapes.Data.Span);
        if (shapes.DataType != TensorDataType.Int64 || shapes.Shape.Rank != 2 || shapes.ElementCount != rows.Length)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{shapes.Name}' must have a row of INT64 dimensions for each tensor of the sequence");
        }

        int count = checked((int)shapes.Shape[0]);
        int width = checked((int)shapes.Shape[1]);
        if (count == 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"input '{values.Name}': the engine can't be given a sequence of no tensors");
        }

        OrtApi* api = OrtLibrary.Api;
        nint[] elements = new nint[count];
        int made = 0;
        try
        {
            ReadOnlyMemory<byte> rest = values.Data;
            for (; made < count; made++)
            {
                TensorShape shape = Unpack(shapes.Name, rows.Slice(made * width, width));
                int bytes = ByteLength(values, rest.Span, shape);
                using Tensor element = new(values.Name, values.DataType, shape, rest[..bytes]);
                elements[made] = (nint)TensorValues.Create(cpu, allocator, element, scratch);
                rest = rest[bytes..];
            }

            if (!rest.IsEmpty)
            {
                throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{values.Name}' has more elements than '{shapes.Name}' says");
            }

            OrtValue* sequence;
            fixed (nint* first = elements)
            {
                OrtStatusCheck.Check(api->CreateValue((OrtValue**)first, (nuint)count, OnnxValueKind.Sequence, &sequence));
            }

            return sequence;
        }
        finally
        {
            for (int i = 0; i < made; i++)
            {
                api->ReleaseValue((OrtValue*)elements[i]);
            }
        }
    }

    /// <summary>Number of elements of a sequence, or of parts of a map.</summary>
    public static int Count(OrtValue* value)
    {
        nuint count;
        OrtStatusCheck.Check(OrtLibrary.Api->GetValueCount(value, &count));
        return checked((int)count);
    }

    /// <summary>One element, to be released by the caller.</summary>
    public static OrtValue* Element(OrtValue* value, int index, OrtAllocator* allocator)
    {
        OrtValue* element;
        OrtStatusCheck.Check(OrtLibrary.Api->GetValue(value, index, allocator, &element));
        return element;
    }

    private static long ByteLength(OrtValue* tensor, TensorDataType type, long count)
    {
        if (type != TensorDataType.String)
        {
            return type.ByteLength(count);
        }

        nuint characters;
        OrtStatusCheck.Check(OrtLibrary.Api->GetStringTensorDataLength(tensor, &characters));
        return (long)characters + (count * sizeof(int));
    }

    private static int Copy(OrtValue* tensor, string name, TensorDataType type, long count, Span<byte> target)
    {
        if (type == TensorDataType.String)
        {
            using TensorBuffer packed = StringValues.Read(tensor, name, count);
            packed.Span.CopyTo(target);
            return packed.Span.Length;
        }

        int bytes = (int)type.ByteLength(count);
        if (bytes > 0)
        {
            void* data;
            OrtStatusCheck.Check(OrtLibrary.Api->GetTensorMutableData(tensor, &data));
            new ReadOnlySpan<byte>(data, bytes).CopyTo(target);
        }

        return bytes;
    }

    private static long Limited(long bytes, string name) => bytes <= int.MaxValue - TensorBufferPool.Alignment
        ? bytes
        : throw new SlipwayException(ErrorCode.ModelFailed, $"output '{name}' is larger than 2 GiB");

    private static Tensor Pack(string name, TensorShape[] shapes)
    {
        int width = shapes.Length == 0 ? 0 : shapes.Max(static shape => shape.Rank);
        long[] rows = new long[shapes.Length * width];
        Array.Fill(rows, Padding);
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i].Dimensions.CopyTo(rows.AsSpan(i * width));
        }

        return new Tensor(name + SignatureNames.Shapes, TensorDataType.Int64, new TensorShape(shapes.Length, width), MemoryMarshal.AsBytes<long>(rows).ToArray());
    }

    private static TensorShape Unpack(string name, ReadOnlySpan<long> row)
    {
        int padding = row.IndexOf(Padding);
        ReadOnlySpan<long> dimensions = padding < 0 ? row : row[..padding];
        return !dimensions.ContainsAnyInRange(long.MinValue, -1) && (padding < 0 || !row[padding..].ContainsAnyExcept(Padding))
            ? new TensorShape(dimensions.ToArray())
            : throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{name}': a row must hold dimensions of 0 or more, padded at the end with -1");
    }

    private static int ByteLength(Tensor values, ReadOnlySpan<byte> rest, TensorShape shape)
    {
        if (!shape.TryGetElementCount(out long count) || count > 2L * int.MaxValue)
        {
            throw TooShort(values);
        }

        if (values.DataType == TensorDataType.String)
        {
            return StringValues.Measure(rest, count) is >= 0 and var length ? length : throw TooShort(values);
        }

        long bytes = values.DataType.ByteLength(count);
        return bytes <= rest.Length ? (int)bytes : throw TooShort(values);
    }

    private static SlipwayException TooShort(Tensor values) =>
        new(ErrorCode.ShapeMismatch, $"input '{values.Name}' has fewer elements than '{values.Name}{SignatureNames.Shapes}' says");
}
