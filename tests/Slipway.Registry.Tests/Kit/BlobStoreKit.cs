using Slipway.Core;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every blob store does.</summary>
public abstract class BlobStoreKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(5_000_000)]
    public async Task Content_comes_back_under_its_digest(int length)
    {
        byte[] content = Bytes(length);
        BlobInfo stored = await Blobs.PutAsync(new TricklingStream(content), length, None);

        Assert.Equal((Sha256Digest.Of(content), (long)length), (stored.Digest, stored.Length));
        Assert.Equal(length, await Blobs.GetLengthAsync(stored.Digest, None));
        await using Stream read = await Blobs.OpenReadAsync(stored.Digest, None);
        Assert.Equal(length, read.Length);
        Assert.True(read.CanSeek);
        using MemoryStream copy = new();
        await read.CopyToAsync(copy);
        Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()));
    }

    [Fact]
    public async Task A_blob_is_read_from_anywhere()
    {
        byte[] content = Bytes(3_000_000);
        BlobInfo stored = await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, None);
        await using Stream read = await Blobs.OpenReadAsync(stored.Digest, None);
        byte[] part = new byte[1000];
        foreach (int position in (int[])[2_999_000, 0, 1_234_567, 17])
        {
            read.Position = position;
            await read.ReadExactlyAsync(part);
            Assert.True(content.AsSpan(position, part.Length).SequenceEqual(part));
        }

        read.Seek(0, SeekOrigin.End);
        Assert.Equal(0, await read.ReadAsync(part));
    }

    [Fact]
    public async Task The_same_content_is_kept_once_whoever_writes_it()
    {
        byte[] content = Bytes(300_000);
        BlobInfo[] stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Blobs.PutAsync(new MemoryStream(content), long.MaxValue, None))));
        Assert.Single(stored.Select(static blob => blob.Digest).Distinct());
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task More_than_is_taken_is_refused_and_leaves_nothing()
    {
        await RefusalAsync(ErrorCode.PayloadTooLarge, () => Blobs.PutAsync(new MemoryStream(Bytes(2_000_001)), 2_000_000, None));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_content_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Blobs.PutAsync(new BreakingStream(3_000_000), long.MaxValue, None));
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Blobs.PutAsync(new MemoryStream(Bytes(10)), long.MaxValue, cancelled.Token));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Sha256Digest digest = Sha256Digest.Of("nowhere"u8);
        Assert.Null(await Blobs.GetLengthAsync(digest, None));
        Assert.False(await Blobs.DeleteAsync(digest, None));
        await RefusalAsync(ErrorCode.NotFound, () => Blobs.OpenReadAsync(digest, None));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_can_come_back()
    {
        byte[] content = Bytes(1000);
        BlobInfo stored = await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, None);
        Assert.True(await Blobs.DeleteAsync(stored.Digest, None));
        Assert.Null(await Blobs.GetLengthAsync(stored.Digest, None));
        await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, None);
        Assert.Equal(stored.Digest, Assert.Single(await ListAsync()).Digest);
    }

    protected static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    protected async Task<List<BlobInfo>> ListAsync()
    {
        List<BlobInfo> blobs = [];
        await foreach (BlobInfo blob in Blobs.ListAsync(None))
        {
            blobs.Add(blob);
        }

        return blobs;
    }

    /// <summary>Gives a few bytes at a time, as networks do.</summary>
    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 77_777)], cancellationToken);
    }

    private sealed class BreakingStream(int length) : MemoryStream(new byte[length])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("the caller went away") : base.ReadAsync(buffer, cancellationToken);
    }
}
