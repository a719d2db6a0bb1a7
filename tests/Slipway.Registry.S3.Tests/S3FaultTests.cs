using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.TestKit.Servers;

namespace Slipway.Registry.S3.Tests;

public sealed class S3FaultTests(S3Fixture servers)
{
    private const int Mebibyte = 1 << 20;

    [Theory]
    [InlineData("moto")]
    [InlineData("s3rver")]
    public async Task Reading_goes_on_where_it_was_when_the_connection_is_lost(string kind)
    {
        (FaultProxy proxy, S3BlobStore store) = await ThroughProxyAsync(kind);
        await using (proxy)
        using (store)
        {
            byte[] content = Content(6 * Mebibyte);
            BlobInfo kept = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
            await using Stream stream = await store.OpenReadAsync(kept.Digest, default);
            using MemoryStream copy = new();
            byte[] buffer = new byte[64 << 10];
            int read;
            int cuts = 0;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                copy.Write(buffer, 0, read);
                if (copy.Length > (cuts + 1) * Mebibyte && cuts < 4)
                {
                    cuts++;
                    proxy.EndConnections();
                }
            }

            Assert.Equal(4, cuts);
            Assert.Equal(content, copy.ToArray());
        }
    }

    [Theory]
    [InlineData("moto")]
    [InlineData("s3rver")]
    public async Task An_object_that_is_replaced_while_it_is_read_is_not_mixed(string kind)
    {
        (FaultProxy proxy, S3BlobStore store) = await ThroughProxyAsync(kind);
        await using (proxy)
        using (store)
        {
            byte[] content = Content(12 * Mebibyte);
            BlobInfo kept = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
            await using Stream stream = await store.OpenReadAsync(kept.Digest, default);
            await stream.ReadExactlyAsync(new byte[1000]);
            content[^1] ^= 1;
            using (AmazonS3Client client = S3Clients.Create(store.Options, TimeProvider.System))
            {
                await client.PutObjectAsync(
                    new PutObjectRequest { BucketName = "models", Key = store.KeyOf(kept.Digest), InputStream = new MemoryStream(content), UseChunkEncoding = false });
            }

            proxy.EndConnections();

            SlipwayException failed = await Assert.ThrowsAsync<SlipwayException>(() => stream.CopyToAsync(Stream.Null));
            Assert.Equal(ErrorCode.Internal, failed.Code);
        }
    }

    [Fact]
    public async Task Storage_that_is_away_gives_one_clear_failure_and_is_used_again_when_it_is_back()
    {
        (FaultProxy proxy, S3BlobStore store) = await ThroughProxyAsync(S3Server.Kinds.FirstOrDefault("s3rver"));
        await using (proxy)
        using (store)
        {
            BlobInfo kept = await store.PutAsync(new MemoryStream(Content(2 * Mebibyte)), long.MaxValue, default);
            proxy.Cut();

            Func<Task>[] actions =
            [
                () => store.PutAsync(new MemoryStream(Content(5)), long.MaxValue, default),
                () => store.PutAsync(new MemoryStream(Content(6 * Mebibyte)), long.MaxValue, default),
                () => store.OpenReadAsync(kept.Digest, default),
                () => store.GetLengthAsync(kept.Digest, default),
                () => store.DeleteAsync(kept.Digest, default),
                () => store.CheckAsync(default),
                async () => await store.ListAsync(default).ToListAsync(),
            ];
            foreach (Func<Task> action in actions)
            {
                SlipwayException failed = await Assert.ThrowsAsync<SlipwayException>(action);
                Assert.Equal(ErrorCode.StoreUnavailable, failed.Code);
                Assert.Contains("'models'", failed.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("127.0.0.1", failed.Message, StringComparison.Ordinal);
            }

            proxy.Mend();
            Assert.Equal(2 * Mebibyte, await store.GetLengthAsync(kept.Digest, default));
        }
    }

    [Theory]
    [InlineData("moto")]
    [InlineData("s3rver")]
    public async Task A_put_that_is_cancelled_leaves_nothing(string kind)
    {
        S3Server server = await servers.GetAsync(kind);
        using TemporaryFolder spool = new();
        S3Options options = S3ConnectionString.Parse(server.ConnectionString(more: $"&part-mib=5&parallel-parts=1&spool={spool.Root}"));
        using S3BlobStore store = new(options, TimeProvider.System);
        using CancellationTokenSource cancel = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(new CancellingStream(Content(9 * Mebibyte), cancel), long.MaxValue, cancel.Token));

        Assert.Empty(await store.ListAsync(default).ToListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(spool.Root));
        if (kind == "s3rver")
        {
            return; // It can't list uploads.
        }

        using AmazonS3Client client = S3Clients.Create(options, TimeProvider.System);
        Assert.Empty((await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = "models", Prefix = options.Prefix })).MultipartUploads ?? []);
    }

    [Fact]
    public async Task Credentials_that_are_refused_are_said_to_be()
    {
        S3Server server = await servers.GetAsync("s3rver");
        using TemporaryFolder folder = new();
        string wrong = folder.Write("wrong", "[default]\naws_access_key_id = SOMEBODY\naws_secret_access_key = hunter2\n");
        using S3BlobStore store = new(S3ConnectionString.Parse($"s3://models?endpoint={server.Address}&credentials={wrong}"), TimeProvider.System);

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => store.CheckAsync(default));

        Assert.Equal(ErrorCode.StoreUnavailable, refused.Code);
        Assert.Contains("credentials were refused", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_said_to_be()
    {
        S3Server server = await servers.GetAsync(S3Server.Kinds.FirstOrDefault("s3rver"));
        S3Options options = S3ConnectionString.Parse(server.ConnectionString()) with { Bucket = "nothing-here" };
        using S3BlobStore store = new(options, TimeProvider.System);

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => store.CheckAsync(default));

        Assert.Contains("there is no such bucket", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[default]\n", "aws_access_key_id")]
    [InlineData("[other]\naws_access_key_id = a\naws_secret_access_key = b\n", "'default'")]
    public void A_credentials_file_without_the_profile_is_refused(string text, string expected)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("credentials", text);

        SlipwayException refused = Assert.Throws<SlipwayException>(
            () => new S3BlobStore(new S3Options { Bucket = "models", Endpoint = new Uri("http://127.0.0.1:1"), CredentialsFile = file }, TimeProvider.System));

        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Root, refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private async Task<(FaultProxy Proxy, S3BlobStore Store)> ThroughProxyAsync(string kind)
    {
        S3Server server = await servers.GetAsync(kind);
        FaultProxy proxy = new(new IPEndPoint(IPAddress.Loopback, server.Address.Port));
        string text = server.ConnectionString(more: "&part-mib=5&retries=2&timeout=10", address: new Uri($"http://127.0.0.1:{proxy.Port}/"));
        return (proxy, new S3BlobStore(S3ConnectionString.Parse(text), TimeProvider.System));
    }

    /// <summary>Withdraws the request when its content was read.</summary>
    private sealed class CancellingStream(byte[] content, CancellationTokenSource cancel) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await cancel.CancelAsync();
            }

            return read;
        }
    }
}
