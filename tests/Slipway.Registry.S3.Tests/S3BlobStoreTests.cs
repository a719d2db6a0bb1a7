using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Core;
using Slipway.TestKit.Servers;

namespace Slipway.Registry.S3.Tests;

public sealed class S3BlobStoreTests(S3Fixture servers)
{
    private const int Mebibyte = 1 << 20;

    public static TheoryData<string> Kinds => ["moto", "s3rver"];

    public static TheoryData<string, int> KindsAndSizes => new(
        from kind in Kinds.Select(static row => row.Data)
        from size in new[] { 0, 1, Mebibyte, Mebibyte + 1, 5 * Mebibyte, (10 * Mebibyte) + 7 }
        select (kind, size));

    [Theory]
    [MemberData(nameof(KindsAndSizes))]
    public async Task What_is_put_is_read_back(string kind, int size)
    {
        using S3BlobStore store = await CreateAsync(kind);
        byte[] content = Content(size);

        BlobInfo kept = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);

        Assert.Equal(new BlobInfo(Sha256Digest.Of(content), size), kept);
        Assert.Equal(size, await store.GetLengthAsync(kept.Digest, default));
        Assert.Equal(content, await ReadAsync(store, kept.Digest));
        BlobInfo listed = Assert.Single(await store.ListAsync(default).ToListAsync());
        Assert.Equal((kept.Digest, (long)size), (listed.Digest, listed.Length));
        Assert.NotNull(listed.Stored);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Writers_of_the_same_content_all_succeed_and_one_copy_is_kept(string kind)
    {
        S3Server server = await servers.GetAsync(kind);
        string text = server.ConnectionString(more: "&part-mib=5");
        foreach (int size in new[] { 1000, 6 * Mebibyte })
        {
            byte[] content = Content(size);
            S3BlobStore[] stores = [.. Enumerable.Range(0, 6).Select(_ => new S3BlobStore(S3ConnectionString.Parse(text), TimeProvider.System))];

            BlobInfo[] kept = await Task.WhenAll(stores.Select(store => store.PutAsync(new MemoryStream(content), long.MaxValue, default)));

            Assert.All(kept, blob => Assert.Equal(Sha256Digest.Of(content), blob.Digest));
            Assert.Equal(content, await ReadAsync(stores[0], kept[0].Digest));
            Assert.Single(await stores[0].ListAsync(default).Where(blob => blob.Length == size).ToListAsync());
            Assert.All(stores, static store => store.Dispose());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reading_at_any_place_gives_what_is_there(string kind)
    {
        using S3BlobStore store = await CreateAsync(kind);
        byte[] content = Content((9 * Mebibyte) + 123);
        BlobInfo kept = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        Random random = new(20261121);

        // The second stream finds the content verified, and reads ranges.
        for (int round = 0; round < 2; round++)
        {
            await using Stream stream = await store.OpenReadAsync(kept.Digest, default);
            Assert.True(stream.CanSeek);
            Assert.Equal(content.Length, stream.Length);
            byte[] buffer = new byte[200_000];
            for (int step = 0; step < 25; step++)
            {
                int place = random.Next(content.Length + 1);
                stream.Seek(place - content.Length, SeekOrigin.End);
                int read = await stream.ReadAtLeastAsync(buffer, random.Next(1, buffer.Length), throwOnEndOfStream: false);
                Assert.Equal(content.AsSpan(place, read), buffer.AsSpan(0, read));
            }

            stream.Position = content.Length - 3;
            Assert.Equal(3, stream.Read(buffer, 0, buffer.Length));
            Assert.Equal(0, stream.Read(buffer, 0, buffer.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_damaged_blob_is_never_given_as_whole(string kind)
    {
        using S3BlobStore store = await CreateAsync(kind);
        foreach (int size in new[] { 1000, 3 * Mebibyte })
        {
            byte[] content = Content(size);
            BlobInfo kept = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
            content[size / 2] ^= 1;
            await OverwriteAsync(store, kept.Digest, content);

            SlipwayException forward = await Assert.ThrowsAsync<SlipwayException>(() => ReadAsync(store, kept.Digest));
            SlipwayException jump = await Assert.ThrowsAsync<SlipwayException>(async () =>
            {
                await using Stream stream = await store.OpenReadAsync(kept.Digest, default);
                stream.Position = size - 10;
                await stream.ReadExactlyAsync(new byte[1]);
            });

            Assert.Equal((ErrorCode.Internal, ErrorCode.Internal), (forward.Code, jump.Code));
            Assert.Contains("damaged", forward.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_blob_that_was_cut_short_is_put_anew(string kind)
    {
        using S3BlobStore store = await CreateAsync(kind);
        byte[] content = Content(5000);
        BlobInfo kept = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        await OverwriteAsync(store, kept.Digest, content[..100]);

        await store.PutAsync(new MemoryStream(content), long.MaxValue, default);

        Assert.Equal(content, await ReadAsync(store, kept.Digest));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_blob_that_is_put_again_looks_new(string kind)
    {
        S3Server server = await servers.GetAsync(kind);
        S3Options options = S3ConnectionString.Parse(server.ConnectionString());
        using S3BlobStore store = new(options, TimeProvider.System);
        using S3BlobStore later = new(options, new LaterTime(TimeSpan.FromDays(1)));
        byte[] content = Content(5000);
        Sha256Digest digest = Sha256Digest.Of(content);

        // Servers tell whole seconds only; a mark that a new write takes away tells more.
        await MarkAsync(store, digest, content);
        await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        bool keptWhenFresh = await IsMarkedAsync(store, digest);
        await later.PutAsync(new MemoryStream(content), long.MaxValue, default);

        Assert.True(keptWhenFresh);
        Assert.False(await IsMarkedAsync(store, digest));
        Assert.Equal(content, await ReadAsync(store, digest));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task More_than_was_allowed_is_refused_and_leaves_nothing(string kind)
    {
        using S3BlobStore store = await CreateAsync(kind);

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => store.PutAsync(new MemoryStream(Content(1001)), 1000, default));

        Assert.Equal(ErrorCode.PayloadTooLarge, refused.Code);
        Assert.Empty(await store.ListAsync(default).ToListAsync());
        Assert.Equal(1000, (await store.PutAsync(new MemoryStream(Content(1000)), 1000, default)).Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Deleting_says_whether_there_was_something(string kind)
    {
        using S3BlobStore store = await CreateAsync(kind);
        BlobInfo kept = await store.PutAsync(new MemoryStream(Content(10)), long.MaxValue, default);

        Assert.True(await store.DeleteAsync(kept.Digest, default));
        Assert.False(await store.DeleteAsync(kept.Digest, default));
        Assert.Null(await store.GetLengthAsync(kept.Digest, default));
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<SlipwayException>(() => store.OpenReadAsync(kept.Digest, default))).Code);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Objects_of_others_are_not_listed(string kind)
    {
        S3Server server = await servers.GetAsync(kind);
        S3Options options = S3ConnectionString.Parse(server.ConnectionString());
        using S3BlobStore store = new(options, TimeProvider.System);
        using AmazonS3Client client = S3Clients.Create(options, TimeProvider.System);
        foreach (string key in new[] { "blobs/readme.txt", $"blobs/{new string('A', 64)}", $"blobs/sub/{new string('a', 64)}", $"other/{new string('a', 64)}" })
        {
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key, InputStream = new MemoryStream([1]), UseChunkEncoding = false });
        }

        Assert.Empty(await store.ListAsync(default).ToListAsync());
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task More_blobs_than_a_page_holds_are_all_listed()
    {
        using S3BlobStore store = await CreateAsync("moto");
        await Parallel.ForAsync(0, 1100, async (index, token) => await store.PutAsync(new MemoryStream(BitConverter.GetBytes(index)), 10, token));

        Assert.Equal(1100, await store.ListAsync(default).Select(static blob => blob.Digest).Distinct().CountAsync());
    }

    private static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private static async Task<byte[]> ReadAsync(S3BlobStore store, Sha256Digest digest)
    {
        await using Stream stream = await store.OpenReadAsync(digest, default);
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task OverwriteAsync(S3BlobStore store, Sha256Digest digest, byte[] content)
    {
        using AmazonS3Client client = S3Clients.Create(store.Options, TimeProvider.System);
        await client.PutObjectAsync(
            new PutObjectRequest { BucketName = store.Options.Bucket, Key = store.KeyOf(digest), InputStream = new MemoryStream(content), UseChunkEncoding = false });
    }

    private static async Task MarkAsync(S3BlobStore store, Sha256Digest digest, byte[] content)
    {
        using AmazonS3Client client = S3Clients.Create(store.Options, TimeProvider.System);
        PutObjectRequest request = new() { BucketName = store.Options.Bucket, Key = store.KeyOf(digest), InputStream = new MemoryStream(content), UseChunkEncoding = false };
        request.Metadata["mark"] = "1";
        await client.PutObjectAsync(request);
    }

    private static async Task<bool> IsMarkedAsync(S3BlobStore store, Sha256Digest digest)
    {
        using AmazonS3Client client = S3Clients.Create(store.Options, TimeProvider.System);
        return (await client.GetObjectMetadataAsync(store.Options.Bucket, store.KeyOf(digest))).Metadata["mark"] is not null;
    }

    private async Task<S3BlobStore> CreateAsync(string kind) =>
        new(S3ConnectionString.Parse((await servers.GetAsync(kind)).ConnectionString(more: "&part-mib=5")), TimeProvider.System);

    private sealed class LaterTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
