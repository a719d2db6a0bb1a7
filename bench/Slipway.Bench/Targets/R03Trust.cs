using System.Diagnostics;
using System.Security.Cryptography;
using Slipway.Bench.Measuring;
using Slipway.Bench.Reports;
using Slipway.Bench.Stores;
using Slipway.Core;
using Slipway.Registry.Blobs;
using Slipway.Trust.Bundles;
using Slipway.Trust.Encryption;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;

namespace Slipway.Bench.Targets;

/// <summary>Signing, verifying, encrypting and decrypting a quarter of a gigabyte, beside the primitives that each can't do without, on one core and in memory.</summary>
internal sealed class R03Trust : ITarget
{
    private const long Bytes = 256L << 20;
    private const int BufferBytes = 1 << 20;

    public string Name => "R3";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        byte[] buffer = new byte[BufferBytes];
        new Random(1).NextBytes(buffer);
        ContentFile[] files = [new ContentFile("model.onnx", Bytes, () => new RepeatedStream(buffer, Bytes))];
        using SigningKey key = SigningKey.Create();
        ModelSigner signer = new(key);
        ModelVerifier verifier = new(new TrustedSigners { Keys = [key.PublicKey] }, TimeProvider.System);
        SignatureBundle bundle = await signer.SignAsync("model", files, CancellationToken.None);

        using RsaKeyWrapper wrapper = RsaKeyWrapper.Read([WriteKey(context.Folder)]);
        EncryptedBlobStore store = new(
            new FolderBlobStore(Path.Combine(context.Folder, "sealed")), new FolderEnvelopeStore(Path.Combine(context.Folder, "sealed-envelopes")), wrapper);
        Sha256Digest digest = default;

        Dictionary<string, List<double>> times = [];
        for (int round = 0; round < Math.Max(3, context.Rounds.Count); round++)
        {
            await TimeAsync("hash", () => Task.Run(() => Hash(buffer)));
            await TimeAsync("seal", () => Task.Run(() => Seal(buffer)));
            await TimeAsync("sign", async () => await signer.SignAsync("model", files, CancellationToken.None));
            await TimeAsync("verify", async () => await VerifyAsync(verifier, bundle, files));
            await TimeAsync("encrypt", async () => digest = (await store.PutAsync(new RepeatedStream(buffer, Bytes), Bytes, CancellationToken.None)).Digest);
            await TimeAsync("decrypt", async () => await ReadAsync(store, digest, buffer));
        }

        double hash = Median("hash"), seal = Median("seal");
        return
        [
            Result("sign ÷ SHA-256 alone", "sign", hash),
            Result("verify ÷ SHA-256 alone", "verify", hash),
            Result("encrypt into a folder, both digests, synced ÷ two SHA-256 and AES-256-GCM one after another", "encrypt", hash + hash + seal),
            Result("decrypt out of a folder, both digests ÷ two SHA-256 and AES-256-GCM one after another", "decrypt", hash + hash + seal),
        ];

        async Task TimeAsync(string what, Func<Task> work)
        {
            long began = Stopwatch.GetTimestamp();
            await work();
            (times.TryGetValue(what, out List<double>? known) ? known : times[what] = []).Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        double Median(string what) => Statistics.Median(times[what]);

        TargetResult Result(string figure, string what, double limit) => TargetResult.AtLeast(
            Name, figure, limit / Median(what), 0.7, 0.9, $"{what}: {Speed(what)}", $"SHA-256 alone: {Speed("hash")}", $"AES-256-GCM alone: {Speed("seal")}");

        string Speed(string what) => $"{Bytes / Median(what) / 1e6:N0} MB/s";
    }

    private static async Task VerifyAsync(ModelVerifier verifier, SignatureBundle bundle, IReadOnlyList<ContentFile> files)
    {
        (SignedManifest manifest, _) = verifier.Open(bundle);
        await new ManifestCheck(manifest).RunAsync(files, CancellationToken.None);
    }

    private static async Task ReadAsync(EncryptedBlobStore store, Sha256Digest digest, byte[] buffer)
    {
        byte[] read = new byte[buffer.Length];
        await using Stream stream = await store.OpenReadAsync(digest, CancellationToken.None);
        while (await stream.ReadAsync(read) > 0)
        {
        }
    }

    private static void Hash(byte[] buffer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long hashed = 0; hashed < Bytes; hashed += buffer.Length)
        {
            hash.AppendData(buffer);
        }

        _ = hash.GetHashAndReset();
    }

    private static void Seal(byte[] buffer)
    {
        byte[] sealedBytes = new byte[buffer.Length], nonce = new byte[12], tag = new byte[16];
        using AesGcm cipher = new(RandomNumberGenerator.GetBytes(32), tag.Length);
        for (long done = 0; done < Bytes; done += buffer.Length)
        {
            BitConverter.TryWriteBytes(nonce, done);
            cipher.Encrypt(nonce, buffer, sealedBytes, tag);
        }
    }

    private static string WriteKey(string folder)
    {
        using RSA key = RSA.Create(2048);
        string file = Path.Combine(folder, "trust-key.pem");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
