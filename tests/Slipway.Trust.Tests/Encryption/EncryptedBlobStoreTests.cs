using System.Diagnostics;
using System.Security.Cryptography;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Encryption;

namespace Slipway.Trust.Tests.Encryption;

public sealed class EncryptedBlobStoreTests : IDisposable
{
    private const int Chunk = 64 << 10;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _inner = new();
    private readonly FolderEnvelopeStore _envelopes;
    private readonly RsaKeyWrapper _wrapper;
    private readonly EncryptedBlobStore _store;

    public EncryptedBlobStoreTests()
    {
        _envelopes = new FolderEnvelopeStore(_folder.PathOf("envelopes"));
        _wrapper = RsaKeyWrapper.Read([NewKey("first")]);
        _store = new EncryptedBlobStore(_inner, _envelopes, _wrapper);
    }

    private string EnvelopeFile => Directory.EnumerateFiles(_folder.PathOf("envelopes"), "*.json", SearchOption.AllDirectories).Single();

    public void Dispose()
    {
        _wrapper.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    [InlineData((5 * Chunk) + 12345)]
    public async Task Content_comes_back_and_is_addressed_by_its_own_digest(int length)
    {
        byte[] content = Random(length);
        BlobInfo put = await _store.PutAsync(new DribblingStream(content), length, default);
        Assert.Equal((Sha256Digest.Of(content), length), (put.Digest, put.Length));
        Assert.Equal(content, await ReadAsync(put.Digest));
        Assert.Equal(length, await _store.GetLengthAsync(put.Digest, default));
        byte[] blob = _inner.Blobs[_inner.Only];
        Assert.Equal(32 + length + (16 * Math.Max(1, (length + Chunk - 1) / Chunk)), blob.Length);
        if (length > 64)
        {
            Assert.True(blob.AsSpan().IndexOf(content.AsSpan(0, 32)) < 0);
        }
    }

    [Fact]
    public async Task The_same_content_is_kept_once_and_two_copies_are_never_alike()
    {
        byte[] content = Random(1000);
        BlobInfo first = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        byte[] kept = _inner.Blobs.Values.Single();
        Assert.Equal(first.Digest, (await _store.PutAsync(new MemoryStream(content), long.MaxValue, default)).Digest);
        Assert.Same(kept, _inner.Blobs.Values.Single());
        Assert.True(await _store.DeleteAsync(first.Digest, default));
        await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        Assert.NotEqual(kept, _inner.Blobs.Values.Single());
    }

    [Fact]
    public async Task Content_whose_blob_was_lost_can_be_put_again()
    {
        byte[] content = Random(1000);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        _inner.Blobs.Clear();
        Assert.Null(await _store.GetLengthAsync(put.Digest, default));
        await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        Assert.Equal(content, await ReadAsync(put.Digest));
    }

    [Fact]
    public async Task Reading_anywhere_in_any_order_gives_what_is_there()
    {
        byte[] content = Random((4 * Chunk) + 777);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        await using Stream stream = await _store.OpenReadAsync(put.Digest, default);
        Random random = new(11);
        Assert.Equal(content.Length, stream.Length);
        for (int i = 0; i < 300; i++)
        {
            int at = random.Next(content.Length + 10);
            byte[] piece = new byte[random.Next(2 * Chunk)];
            stream.Seek(at, (SeekOrigin)0);
            int read = i % 2 == 0 ? stream.ReadAtLeast(piece, piece.Length, false) : await stream.ReadAtLeastAsync(piece, piece.Length, false);
            Assert.Equal(content.AsSpan(Math.Min(at, content.Length)).ToArray().Take(piece.Length), piece.Take(read));
            Assert.Equal(at + read, stream.Position);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData((2 * Chunk) + 100)]
    public async Task One_flipped_bit_anywhere_gives_nothing_but_an_error(int length)
    {
        BlobInfo put = await _store.PutAsync(new MemoryStream(Random(length)), long.MaxValue, default);
        byte[] good = _inner.Blobs[_inner.Only];
        int step = length < 1000 ? 1 : 9973;
        for (int bit = 0; bit < good.Length * 8; bit += step)
        {
            byte[] flipped = [.. good];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await RefusedAsync(put.Digest, flipped);
        }
    }

    [Fact]
    public async Task Chunks_that_are_moved_left_out_put_in_or_cut_off_are_found()
    {
        byte[] content = Random(4 * Chunk);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        byte[] good = _inner.Blobs[_inner.Only];
        const int Sealed = Chunk + 16;
        byte[] Part(int chunk) => good[(32 + (chunk * Sealed))..(32 + ((chunk + 1) * Sealed))];
        await RefusedAsync(put.Digest, [.. good[..32], .. Part(1), .. Part(0), .. Part(2), .. Part(3)]);
        await RefusedAsync(put.Digest, [.. good[..32], .. Part(0), .. Part(1), .. Part(2)]);
        await RefusedAsync(put.Digest, [.. good[..32], .. Part(0), .. Part(0), .. Part(1), .. Part(2), .. Part(3)]);
        await RefusedAsync(put.Digest, [.. good[..32], .. Part(0), .. Part(0), .. Part(2), .. Part(3)]);
        await RefusedAsync(put.Digest, good[..^1]);
        await RefusedAsync(put.Digest, good[..31]);
        await RefusedAsync(put.Digest, [.. good, 0]);
        await RefusedAsync(put.Digest, []);
    }

    [Fact]
    public async Task A_blob_cut_between_chunks_fails_even_when_its_envelope_were_to_say_so()
    {
        byte[] content = Random(2 * Chunk);
        byte[] key = RandomNumberGenerator.GetBytes(32);
        await using EncryptingStream encrypting = new(new MemoryStream(content), key, long.MaxValue);
        using MemoryStream blob = new();
        await encrypting.CopyToAsync(blob);
        MemoryStream cut = new(blob.ToArray()[..(32 + Chunk + 16)]);
        await using DecryptingStream stream = await DecryptingStream.OpenAsync(cut, key, Chunk, Sha256Digest.Of(content.AsSpan(0, Chunk)), default);
        await Assert.ThrowsAsync<SlipwayException>(async () => await stream.ReadExactlyAsync(new byte[1]));
    }

    [Fact]
    public async Task Another_key_opens_nothing()
    {
        BlobInfo put = await _store.PutAsync(new MemoryStream(Random(100)), long.MaxValue, default);
        using RsaKeyWrapper other = RsaKeyWrapper.Read([NewKey("other")]);
        SlipwayException missing = await Assert.ThrowsAsync<SlipwayException>(() => new EncryptedBlobStore(_inner, _envelopes, other).OpenReadAsync(put.Digest, default));
        Assert.Contains("is not here", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_altered_byte_of_an_envelope_is_found()
    {
        byte[] content = Random(100);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        byte[] good = File.ReadAllBytes(EnvelopeFile);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] altered = [.. good];
            altered[i] ^= 1;
            File.WriteAllBytes(EnvelopeFile, altered);
            try
            {
                await using Stream stream = await _store.OpenReadAsync(put.Digest, default);

                // Only white space may change unseen, and there is none.
                Assert.Fail($"byte {i} is not looked at");
            }
            catch (Exception refused) when (refused is SlipwayException or KeyNotFoundException)
            {
                Assert.NotEqual(ErrorCode.InvalidRequest, (refused as SlipwayException)?.Code);
            }
        }
    }

    [Fact]
    public async Task An_envelope_put_in_anothers_place_is_found()
    {
        BlobInfo good = await _store.PutAsync(new MemoryStream(Random(100)), long.MaxValue, default);
        string place = EnvelopeFile;
        BlobInfo evil = await _store.PutAsync(new MemoryStream([1, 2, 3]), long.MaxValue, default);
        string other = Directory.EnumerateFiles(_folder.PathOf("envelopes"), "*.json", SearchOption.AllDirectories).Single(path => path != place);
        File.Copy(other, place, overwrite: true);
        await Assert.ThrowsAsync<SlipwayException>(() => _store.OpenReadAsync(good.Digest, default));
        File.WriteAllText(place, File.ReadAllText(other).Replace(evil.Digest.ToString(), good.Digest.ToString(), StringComparison.Ordinal));
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _store.OpenReadAsync(good.Digest, default));
        Assert.Contains("has been altered", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotation_wraps_keys_anew_and_leaves_every_blob_as_it_is()
    {
        byte[][] contents = [.. Enumerable.Range(1, 5).Select(Random)];
        foreach (byte[] content in contents)
        {
            await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        }

        Dictionary<Sha256Digest, byte[]> before = new(_inner.Blobs);
        string second = NewKey("second");
        using RsaKeyWrapper both = RsaKeyWrapper.Read([second, _folder.PathOf("first")]);
        Assert.Equal((5, 5), await KeyRotation.RunAsync(_envelopes, both, default));
        Assert.Equal((0, 5), await KeyRotation.RunAsync(_envelopes, both, default));
        Assert.Equal(before, _inner.Blobs);
        using RsaKeyWrapper only = RsaKeyWrapper.Read([second]);
        foreach (byte[] content in contents)
        {
            await using Stream stream = await new EncryptedBlobStore(_inner, _envelopes, only).OpenReadAsync(Sha256Digest.Of(content), default);
            byte[] read = new byte[content.Length];
            await stream.ReadExactlyAsync(read);
            Assert.Equal(content, read);
        }

        await Assert.ThrowsAsync<SlipwayException>(() => _store.OpenReadAsync(Sha256Digest.Of(contents[0]), default));
    }

    [Fact]
    public async Task Too_much_content_leaves_nothing_that_can_be_read()
    {
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _store.PutAsync(new MemoryStream(Random(101)), 100, default));
        Assert.Equal(ErrorCode.PayloadTooLarge, refused.Code);
        Assert.Empty(_inner.Blobs);
    }

    [Fact]
    public async Task Blobs_from_before_encryption_stay_readable_and_what_a_crash_left_is_listed_to_be_collected()
    {
        BlobInfo plain = await _inner.PutAsync(new MemoryStream([1]), 1, default);
        BlobInfo put = await _store.PutAsync(new MemoryStream(Random(100)), long.MaxValue, default);
        Assert.Equal([1], await ReadAsync(plain.Digest));
        Assert.Equal(1, await _store.GetLengthAsync(plain.Digest, default));
        List<BlobInfo> all = [];
        await foreach (BlobInfo blob in _store.ListAsync(default))
        {
            all.Add(blob);
        }

        Assert.Equal(new[] { put.Digest, plain.Digest }.ToHashSet(), all.Select(static blob => blob.Digest).ToHashSet());
        Assert.True(await _store.DeleteAsync(plain.Digest, default));
        Assert.False(await _store.DeleteAsync(plain.Digest, default));
        Assert.Single(_inner.Blobs);
    }

    [Fact]
    public async Task A_program_can_keep_the_keys()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the program is a shell script");
            return;
        }

        // Stands for a service: what it wraps is base64 of what it is given, and there is one key. Another process writes it: a file that this one has had open for writing
        // can't be run while a child of another test still holds it.
        string program = _folder.PathOf("kms");
        const string script = "#!/bin/sh\n[ \"$2\" = key-1 ] || exit 4\nif [ \"$1\" = wrap ]; then base64 -w0; else base64 -d; fi\n";
        using (Process writer = Process.Start("/bin/sh", ["-c", "printf %s \"$1\" > \"$0\" && chmod 500 \"$0\"", program, script]))
        {
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        CommandKeyWrapper wrapper = new(program, "key-1", TimeProvider.System);
        EncryptedBlobStore store = new(_inner, _envelopes, wrapper);
        byte[] content = Random(1000);
        BlobInfo put = await store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        await using (Stream stream = await store.OpenReadAsync(put.Digest, default))
        {
            byte[] read = new byte[content.Length];
            await stream.ReadExactlyAsync(read);
            Assert.Equal(content, read);
        }

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await new CommandKeyWrapper(program, "key-2", TimeProvider.System).WrapAsync(new byte[32], default));
        Assert.Contains("status 4", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SlipwayException>(async () => await new CommandKeyWrapper("/there/is/none", "k", TimeProvider.System).WrapAsync(new byte[32], default));
    }

    [Fact]
    public async Task What_is_written_decrypts_with_another_implementation()
    {
        Assert.SkipUnless(await PythonProcess.HasAsync("cryptography"), "needs python3-cryptography");
        byte[] content = Random((2 * Chunk) + 4242);
        BlobInfo put = await _store.PutAsync(new MemoryStream(content), long.MaxValue, default);
        _folder.Write("blob", _inner.Blobs[_inner.Only]);
        File.Copy(EnvelopeFile, _folder.PathOf("envelope"));
        (int exit, string output) = await PythonProcess.RunAsync(_folder.Root, """
            import base64, hashlib, hmac, json
            from cryptography.hazmat.primitives import hashes, serialization
            from cryptography.hazmat.primitives.asymmetric import padding
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF
            e = json.load(open("envelope"))
            private = serialization.load_pem_private_key(open("first", "rb").read(), None)
            key = private.decrypt(base64.b64decode(e["wrappedKey"]), padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
            blob = open("blob", "rb").read()
            assert hashlib.sha256(blob).hexdigest() == e["blob"] and blob[:8] == b"SLWENC01"
            head, rest = blob[:32], blob[32:]
            derive = lambda info, salt: HKDF(hashes.SHA256(), 32, salt, info).derive(key)
            cipher = AESGCM(derive(b"slipway blob chunks 1", head[16:]))
            size, content, n = 65536 + 16, b"", 0
            while rest:
                chunk, rest = rest[:size], rest[size:]
                content += cipher.decrypt(bytes([0 if rest else 1, 0, 0, 0]) + n.to_bytes(8, "big"), chunk, head)
                n += 1
            text = "slipway-envelope-1\n%s\n%d\n%s\n" % (e["content"], e["length"], e["blob"])
            assert hmac.new(derive(b"slipway blob envelope 1", None), text.encode(), hashlib.sha256).digest() == base64.b64decode(e["proof"])
            assert len(content) == e["length"]
            print(hashlib.sha256(content).hexdigest())
            """);
        Assert.True(exit == 0, output);
        Assert.Equal(put.Digest.ToString(), output.Trim());
    }

    private async Task RefusedAsync(Sha256Digest digest, byte[] blob)
    {
        _inner.Blobs[_inner.Only] = blob;
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => ReadAsync(digest));
        Assert.Equal(ErrorCode.Internal, refused.Code);
        Assert.Contains("can't be decrypted", refused.Message, StringComparison.Ordinal);
    }

    private async Task<byte[]> ReadAsync(Sha256Digest digest)
    {
        await using Stream stream = await _store.OpenReadAsync(digest, default);
        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private string NewKey(string name)
    {
        using RSA key = RSA.Create(2048);
        return _folder.Write(name, key.ExportPkcs8PrivateKeyPem());
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    // Gives a few bytes at a time, as a network does.
    private sealed class DribblingStream(byte[] content) : MemoryStream(content)
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default) =>
            base.ReadAsync(destination[..Math.Min(destination.Length, 1 + (_reads++ % 40_000))], cancellationToken);
    }
}
