using System.Runtime.InteropServices;

namespace Slipway.Core.Tests.Tensors;

public sealed class TensorBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1 << 20)]
    [InlineData((1 << 26) + 1)]
    public void Rent_gives_exactly_the_length_on_an_aligned_address(int length)
    {
        TensorBufferPool pool = new();
        using TensorBuffer buffer = pool.Rent(length);
        Assert.Equal(length, buffer.Memory.Length);
        Assert.True(MemoryMarshal.TryGetArray<byte>(buffer.Memory, out ArraySegment<byte> segment));
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, segment.Offset);
        Assert.Equal(0, address % TensorBufferPool.Alignment);
    }

    [Fact]
    public void A_returned_buffer_serves_the_next_renter_of_its_size_class()
    {
        TensorBufferPool pool = new();
        TensorBuffer first = pool.Rent(1000);
        MemoryMarshal.TryGetArray<byte>(first.Memory, out ArraySegment<byte> before);
        first.Dispose();
        Assert.Equal(1024, pool.RetainedBytes);
        using TensorBuffer second = pool.Rent(600);
        MemoryMarshal.TryGetArray<byte>(second.Memory, out ArraySegment<byte> after);
        Assert.Same(before.Array, after.Array);
        Assert.Equal(0, pool.RetainedBytes);
    }

    [Fact]
    public void Disposing_twice_does_not_take_the_memory_from_its_next_renter()
    {
        TensorBufferPool pool = new();
        TensorBuffer first = pool.Rent(100);
        first.Dispose();
        using TensorBuffer second = pool.Rent(100);
        first.Dispose();
        using TensorBuffer third = pool.Rent(100);
        MemoryMarshal.TryGetArray<byte>(second.Memory, out ArraySegment<byte> a);
        MemoryMarshal.TryGetArray<byte>(third.Memory, out ArraySegment<byte> b);
        Assert.NotSame(a.Array, b.Array);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
    }

    [Fact]
    public void A_small_buffer_of_the_shared_pool_stays_with_its_thread()
    {
        List<byte[]> arrays = [];
        Thread thread = new(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                using TensorBuffer buffer = TensorBufferPool.Shared.Rent(300);
                MemoryMarshal.TryGetArray<byte>(buffer.Memory, out ArraySegment<byte> segment);
                arrays.Add(segment.Array!);
            }
        });
        long before = TensorBufferPool.Shared.RetainedBytes;
        thread.Start();
        thread.Join();
        Assert.Same(arrays[1], arrays[0]);
        Assert.Same(arrays[2], arrays[0]);
        Assert.True(TensorBufferPool.Shared.RetainedBytes <= before);
    }

    [Fact]
    public void Two_buffers_of_one_size_that_a_thread_holds_are_different()
    {
        using TensorBuffer first = TensorBufferPool.Shared.Rent(300);
        using TensorBuffer second = TensorBufferPool.Shared.Rent(300);
        MemoryMarshal.TryGetArray<byte>(first.Memory, out ArraySegment<byte> a);
        MemoryMarshal.TryGetArray<byte>(second.Memory, out ArraySegment<byte> b);
        Assert.NotSame(a.Array, b.Array);
    }

    [Fact]
    public void The_pool_keeps_no_more_than_its_bound()
    {
        TensorBufferPool pool = new(maxRetainedBytes: 2048);
        TensorBuffer[] buffers = [.. Enumerable.Range(0, 4).Select(_ => pool.Rent(1024))];
        foreach (TensorBuffer buffer in buffers)
        {
            buffer.Dispose();
        }

        Assert.Equal(2048, pool.RetainedBytes);
    }

    [Fact]
    public void A_shared_owner_releases_with_the_last_lease()
    {
        CountingDisposable memory = new();
        SharedOwner owner = new(memory);
        SharedOwner second = owner.Acquire();
        owner.Dispose();
        Assert.Equal(0, memory.Count);
        second.Dispose();
        Assert.Equal(1, memory.Count);
        Assert.Throws<ObjectDisposedException>(owner.Acquire);
    }

    [Fact]
    public void A_tensor_disposes_its_owner_once()
    {
        CountingDisposable memory = new();
        Tensor tensor = new("x", TensorDataType.UInt8, new TensorShape(1), new byte[1], memory);
        tensor.Dispose();
        tensor.Dispose();
        Assert.Equal(1, memory.Count);
        Assert.True(tensor.Data.IsEmpty);
    }

    private sealed class CountingDisposable : IDisposable
    {
        public int Count { get; private set; }

        public void Dispose() => Count++;
    }
}
