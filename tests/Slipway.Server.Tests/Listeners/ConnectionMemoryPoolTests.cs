using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Server.Hosting;
using Slipway.Server.Listeners;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Listeners;

public sealed class ConnectionMemoryPoolTests
{
    [Fact]
    public async Task The_web_server_takes_its_memory_from_it()
    {
        ServerOptions options = new();
        await using WebApplication application = Composition.Build(options, ListenerSet.Create(options), customize: null);
        using MemoryPool<byte> pool = application.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        Assert.IsType<ConnectionMemoryPool>(pool);
    }

    [Fact]
    public void Blocks_are_large_while_few_are_lent_and_small_beyond()
    {
        using ConnectionMemoryPool pool = new();
        List<IMemoryOwner<byte>> lent = [.. Enumerable.Range(0, ConnectionMemoryPool.MostLarge).Select(_ => pool.Rent(ConnectionMemoryPool.SmallBlock))];
        Assert.All(lent, static block => Assert.Equal(ConnectionMemoryPool.LargeBlock, block.Memory.Length));

        using IMemoryOwner<byte> beyond = pool.Rent();
        Assert.Equal(ConnectionMemoryPool.SmallBlock, beyond.Memory.Length);

        lent[^1].Dispose();
        using IMemoryOwner<byte> after = pool.Rent(1);
        Assert.Equal(ConnectionMemoryPool.LargeBlock, after.Memory.Length);
    }

    [Fact]
    public void Who_needs_more_than_a_small_block_gets_it_however_many_are_lent()
    {
        using ConnectionMemoryPool pool = new();
        for (int i = 0; i < ConnectionMemoryPool.MostLarge; i++)
        {
            pool.Rent();
        }

        Assert.Equal(ConnectionMemoryPool.LargeBlock, pool.Rent(ConnectionMemoryPool.SmallBlock + 1).Memory.Length);
        Assert.Equal(ConnectionMemoryPool.LargeBlock, pool.Rent(pool.MaxBufferSize).Memory.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }

    [Fact]
    public void What_is_returned_is_lent_again_and_once_only_though_disposed_of_twice()
    {
        using ConnectionMemoryPool pool = new();
        IMemoryOwner<byte> first = pool.Rent();
        Assert.True(MemoryMarshal.TryGetArray<byte>(first.Memory, out ArraySegment<byte> array));
        first.Dispose();
        first.Dispose();

        Assert.Same(array.Array, Array(pool.Rent()));
        Assert.NotSame(array.Array, Array(pool.Rent()));
    }

    [Fact]
    public void A_pool_that_is_gone_lends_nothing_and_still_takes_back()
    {
        ConnectionMemoryPool pool = new();
        IMemoryOwner<byte> lent = pool.Rent();
        pool.Dispose();
        lent.Memory.Span.Fill(1);
        lent.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Rent());
    }

    [Fact]
    public void No_two_borrowers_have_the_same_memory()
    {
        using ConnectionMemoryPool pool = new();
        int mixed = 0;
        Parallel.For(0, 8, borrower =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                using IMemoryOwner<byte> block = pool.Rent();
                Span<byte> mine = block.Memory.Span[..64];
                mine.Fill((byte)borrower);
                if (mine.ContainsAnyExcept((byte)borrower))
                {
                    Interlocked.Increment(ref mixed);
                }
            }
        });
        Assert.Equal(0, mixed);
    }

    private static byte[]? Array(IMemoryOwner<byte> block) => MemoryMarshal.TryGetArray<byte>(block.Memory, out ArraySegment<byte> segment) ? segment.Array : null;
}
