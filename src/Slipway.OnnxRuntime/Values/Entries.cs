using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>Keys and values of one map, copied out of the engine, by ascending key.</summary>
internal sealed class Entries : IDisposable
{
    private readonly ValuePlan _plan;
    private readonly TensorBuffer _keys;
    private readonly TensorBuffer _values;

    private Entries(ValuePlan plan, TensorBuffer keys, TensorBuffer values, int count)
    {
        _plan = plan;
        _keys = keys;
        _values = values;
        Count = count;
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>The keys' bytes, as in a tensor.</summary>
    public ReadOnlySpan<byte> KeyBytes => _keys.Span;

    /// <summary>The values' bytes, as in a tensor.</summary>
    public ReadOnlySpan<byte> ValueBytes => _values.Span;

    /// <summary>Reads a map, which stays the caller's.</summary>
    public static unsafe Entries Of(OrtValue* map, ValuePlan plan, OrtAllocator* allocator)
    {
        TensorBuffer keys = Part(map, 0, plan, plan.KeyType, allocator, out int count);
        try
        {
            return new Entries(plan, keys, Part(map, 1, plan, plan.ElementType, allocator, out _), count);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>A copy of the keys as a tensor.</summary>
    public Tensor Keys(string name) => new(name + SignatureNames.Keys, _plan.KeyType, new TensorShape(Count), KeyBytes.ToArray());

    /// <summary>A copy of the values as a tensor.</summary>
    public Tensor Values(string name, TensorShape shape) => new(name, _plan.ElementType, shape, ValueBytes.ToArray());

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }

    private static unsafe TensorBuffer Part(OrtValue* map, int index, ValuePlan plan, TensorDataType type, OrtAllocator* allocator, out int count)
    {
        OrtValue* part = SequenceValues.Element(map, index, allocator);
        try
        {
            TensorValues.Describe(part, out _, out long size);
            count = checked((int)size);
            if (type == TensorDataType.String)
            {
                return StringValues.Read(part, plan.Name, size);
            }

            TensorBuffer bytes = TensorBufferPool.Shared.Rent(type.ByteLength(size));
            void* data;
            OrtStatusCheck.Check(OrtLibrary.Api->GetTensorMutableData(part, &data));
            new ReadOnlySpan<byte>(data, bytes.Span.Length).CopyTo(bytes.Span);
            return bytes;
        }
        finally
        {
            OrtLibrary.Api->ReleaseValue(part);
        }
    }
}
