using System.Security.Cryptography;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Encryption;

namespace Slipway.Trust.Tests.Encryption;

public sealed class SealedBlobsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _inner = new();
    private readonly MemoryBlobStore _copied = new();
    private readonly FolderEnvelopeStore _envelopes;
    private readonly FolderEnvelopeStore _copiedEnvelopes;
    private readonly RsaKeyWrapper _wrapper;
    private readonly EncryptedBlobStore _store;
    private readonly SealedBlobs _target;

    public SealedBlobsTests()
    {
        _envelopes = new FolderEnvelopeStore(_folder.PathOf("envelopes"));
        _copiedEnvelopes = new FolderEnvelopeStore(_folder.PathOf("copied"));
        _wrapper = RsaKeyWrapper.Read([NewKey("first")]);
        _store = new EncryptedBlobStore(_inner, _envelopes, _wrapper);
        _target = new SealedBlobs(_copied, _copiedEnvelopes);
    }

    public void Dispose()
    {
        _wrapper.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_copy_is_byte_for_byte_what_is_kept_and_is_read_with_the_same_keys()
    {
        BlobInfo put = await PutAsync(100_000);
        Assert.True(await _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default));
        Assert.Equal(_inner.Blobs[_inner.Only], _copied.Blobs[_copied.Only]);
        Assert.False(await _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default));

        EncryptedBlobStore copy = new(_copied, _copiedEnvelopes, _wrapper);
        using MemoryStream content = new();
        await using (Stream stream = await copy.OpenReadAsync(put.Digest, default))
        {
            await stream.CopyToAsync(content);
        }

        Assert.Equal(put.Digest, Sha256Digest.Of(content.ToArray()));
    }

    [Fact]
    public async Task Content_from_before_encryption_is_copied_as_it_is()
    {
        BlobInfo plain = await _inner.PutAsync(new MemoryStream([1, 2, 3]), 3, default);
        Assert.True(await _store.Sealed.CopyToAsync(_target, plain.Digest, 3, default));
        Assert.Equal([1, 2, 3], _copied.Blobs[plain.Digest]);
        Assert.Null(await _copiedEnvelopes.FindAsync(plain.Digest, default));
    }

    [Fact]
    public async Task A_key_that_was_wrapped_anew_is_taken_over_without_the_bytes()
    {
        BlobInfo put = await PutAsync(1000);
        await _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default);
        using RsaKeyWrapper both = RsaKeyWrapper.Read([NewKey("second"), _folder.PathOf("first")]);
        await KeyRotation.RunAsync(_envelopes, both, default);

        Assert.False(await _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default));
        Assert.Equal(both.KeyId, (await _copiedEnvelopes.FindAsync(put.Digest, default))!.KeyId);
    }

    [Fact]
    public async Task Content_that_was_put_again_under_another_key_replaces_the_copy()
    {
        byte[] content = RandomNumberGenerator.GetBytes(1000);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        await _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default);
        await _store.DeleteAsync(put.Digest, default);
        await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);

        Assert.True(await _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default));
        Assert.Equal(_inner.Only, _copied.Only);
    }

    [Fact]
    public async Task What_is_damaged_missing_or_of_another_size_is_not_copied()
    {
        BlobInfo put = await PutAsync(1000);
        await Assert.ThrowsAsync<SlipwayException>(() => _store.Sealed.CopyToAsync(_target, put.Digest, 999, default));
        _inner.Blobs[_inner.Only] = [.. _inner.Blobs[_inner.Only].Select(static value => (byte)~value)];
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _store.Sealed.CopyToAsync(_target, put.Digest, put.Length, default));
        Assert.Contains("do not fit", refused.Message, StringComparison.Ordinal);
        Assert.Null(await _copiedEnvelopes.FindAsync(put.Digest, default));
    }

    [Fact]
    public async Task Content_that_is_put_again_is_young_again()
    {
        byte[] content = RandomNumberGenerator.GetBytes(1000);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        string envelope = Directory.EnumerateFiles(_folder.PathOf("envelopes"), "*.json", SearchOption.AllDirectories).Single();
        DateTime old = DateTime.UtcNow.AddDays(-2);
        File.SetLastWriteTimeUtc(envelope, old);
        Assert.True(await _store.GetStoredAsync(put.Digest, default) < old.AddHours(1));

        await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        Assert.True(await _store.GetStoredAsync(put.Digest, default) > old.AddDays(1));
        Assert.Null(await _store.GetStoredAsync(Sha256Digest.Of("nowhere"u8), default));
    }

    [Fact]
    public async Task Envelopes_that_killed_writers_left_go_when_they_are_old()
    {
        BlobInfo put = await PutAsync(10);
        string left = _folder.Write("envelopes/ab/0123.new", "half");
        Assert.Equal(0, await _store.RemoveIncompleteAsync(DateTimeOffset.UtcNow.AddHours(-1), default));
        Assert.Equal(1, await _store.RemoveIncompleteAsync(DateTimeOffset.UtcNow.AddHours(1), default));
        Assert.False(File.Exists(left));
        Assert.NotNull(await _envelopes.FindAsync(put.Digest, default));
    }

    private Task<BlobInfo> PutAsync(int length) => _store.PutAsync(new MemoryStream(RandomNumberGenerator.GetBytes(length)), long.MaxValue, default);

    private string NewKey(string name)
    {
        using RSA key = RSA.Create(2048);
        return _folder.Write(name, key.ExportPkcs8PrivateKeyPem());
    }
}
