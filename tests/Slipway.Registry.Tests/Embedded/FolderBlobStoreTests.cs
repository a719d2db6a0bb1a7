using Slipway.Core;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.Tests.Embedded;

public sealed class FolderBlobStoreTests : BlobStoreKit
{
    private string Root => Options.BlobFolder;

    [Fact]
    public async Task One_flipped_bit_is_noticed_however_the_blob_is_read()
    {
        byte[] content = Bytes(2_500_000);
        Sha256Digest digest = (await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, CancellationToken.None)).Digest;
        content[1_000_000] ^= 1;
        await File.WriteAllBytesAsync(PathOf(digest), content);

        await using Stream sequential = await Blobs.OpenReadAsync(digest, CancellationToken.None);
        await RefusalAsync(ErrorCode.Internal, () => sequential.CopyToAsync(Stream.Null));
        await using Stream anywhere = await Blobs.OpenReadAsync(digest, CancellationToken.None);
        anywhere.Position = 2_000_000;
        await RefusalAsync(ErrorCode.Internal, async () => await anywhere.ReadExactlyAsync(new byte[10]));
    }

    [Fact]
    public async Task A_blob_that_was_cut_or_extended_is_noticed()
    {
        byte[] content = Bytes(1000);
        Sha256Digest digest = (await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, CancellationToken.None)).Digest;
        foreach (byte[] other in (byte[][])[content[..999], [.. content, 0], []])
        {
            await File.WriteAllBytesAsync(PathOf(digest), other);
            await using Stream read = await Blobs.OpenReadAsync(digest, CancellationToken.None);
            await RefusalAsync(ErrorCode.Internal, () => read.CopyToAsync(Stream.Null));
        }
    }

    [Fact]
    public async Task Storing_the_content_again_mends_a_damaged_blob()
    {
        byte[] content = Bytes(1000);
        Sha256Digest digest = (await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, CancellationToken.None)).Digest;
        await File.WriteAllBytesAsync(PathOf(digest), new byte[5]);
        await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, CancellationToken.None);
        await using Stream read = await Blobs.OpenReadAsync(digest, CancellationToken.None);
        await read.CopyToAsync(Stream.Null);
    }

    [Fact]
    public async Task A_link_is_no_blob()
    {
        byte[] content = Bytes(1000);
        Sha256Digest digest = Sha256Digest.Of(content);
        string elsewhere = Folder.Write("elsewhere", content);
        _ = Blobs;
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(digest))!);
        File.CreateSymbolicLink(PathOf(digest), elsewhere);

        Assert.Null(await Blobs.GetLengthAsync(digest, CancellationToken.None));
        await RefusalAsync(ErrorCode.NotFound, () => Blobs.OpenReadAsync(digest, CancellationToken.None));
        Assert.Empty(await ListAsync());

        // Storing puts a file in the link's place, and leaves alone what it pointed at.
        await Blobs.PutAsync(new MemoryStream(content), long.MaxValue, CancellationToken.None);
        Assert.Null(new FileInfo(PathOf(digest)).LinkTarget);
        Assert.Equal(content, await File.ReadAllBytesAsync(elsewhere));
    }

    [Fact]
    public async Task Parts_that_killed_writers_left_are_no_blobs_and_go_when_they_are_old()
    {
        string part = Path.Combine(Root, "incoming", "0123");
        _ = Blobs;
        await File.WriteAllTextAsync(part, "half");
        ICollectableBlobs store = (ICollectableBlobs)Blobs;

        Assert.Empty(await ListAsync());
        Assert.Equal(0, await store.RemoveIncompleteAsync(DateTimeOffset.UtcNow.AddHours(-1), CancellationToken.None));
        Assert.Equal(1, await store.RemoveIncompleteAsync(DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None));
        Assert.False(File.Exists(part));
    }

    [Fact]
    public async Task Files_of_others_in_the_folder_are_left_alone()
    {
        await Blobs.PutAsync(new MemoryStream(Bytes(10)), long.MaxValue, CancellationToken.None);
        string stranger = Path.Combine(Root, "ab", "README");
        Directory.CreateDirectory(Path.GetDirectoryName(stranger)!);
        await File.WriteAllTextAsync(stranger, "x");
        Assert.Single(await ListAsync());
    }

    private string PathOf(Sha256Digest digest) => Path.Combine(Root, digest.ToString()[..2], digest.ToString());
}
