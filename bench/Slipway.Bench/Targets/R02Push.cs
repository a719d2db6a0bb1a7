using System.Diagnostics;
using System.Security.Cryptography;
using Slipway.Bench.Measuring;
using Slipway.Bench.Processes;
using Slipway.Bench.Reports;
using Slipway.Bench.Stores;
using Slipway.Core;
using Slipway.Registry.Blobs;
using Slipway.Trust.Encryption;

namespace Slipway.Bench.Targets;

/// <summary>
/// Publishing a gigabyte, hashed and synced, beside writing and syncing the same bytes to one file: into the folder of blobs, encrypted, by the command on a data folder, and through a
/// server. Beside them stands what one core hashes, which bounds whatever goes through one hash.
/// </summary>
internal sealed class R02Push : ITarget
{
    private const long Bytes = 1L << 30;
    private const int BufferBytes = 1 << 20;

    public string Name => "R2";

    public async Task<IReadOnlyList<TargetResult>> MeasureAsync(BenchContext context)
    {
        // Read from memory where the store alone is measured: reading would be the measurement's.
        byte[] buffer = new byte[BufferBytes];
        new Random(1).NextBytes(buffer);
        string source = Path.Combine(context.Folder, "large.bin");
        await WriteAsync(source, buffer);

        FolderBlobStore plain = new(Path.Combine(context.Folder, "push"));
        using RsaKeyWrapper wrapper = RsaKeyWrapper.Read([WriteKey(context.Folder)]);
        EncryptedBlobStore encrypted = new(new FolderBlobStore(Path.Combine(context.Folder, "sealed")), new FolderEnvelopeStore(Path.Combine(context.Folder, "envelopes")), wrapper);
        string models = Directory.CreateDirectory(Path.Combine(context.Folder, "none")).FullName;
        await using ServerProcess server = await context.StartSlipwayAsync(models);

        Dictionary<string, List<double>> times = [];
        for (int round = 0; round < Math.Max(3, context.Rounds.Count); round++)
        {
            await TimeAsync("hash", () => Task.Run(() => Hash(buffer)));
            await TimeAsync("write", () => WriteAndDeleteAsync(Path.Combine(context.Folder, "plain"), buffer));
            await TimeAsync("push", () => PushAsync(plain, buffer));
            await TimeAsync("encrypted", () => PushAsync(encrypted, buffer));
            string data = Path.Combine(context.Folder, "data");
            await TimeAsync("command", () => Tool.RunAsync(context.Slipway, ["model", "push", source, "--name", "large", "--data", data]));
            Directory.Delete(data, recursive: true);
            await TimeAsync("server", () => Tool.RunAsync(context.Slipway, ["model", "push", source, "--name", "large", "--url", server.Admin!.ToString()]));
        }

        return
        [
            Result("push of 1 GiB ÷ writing and syncing it", "push"),
            Result("push of 1 GiB, encrypted ÷ writing and syncing it", "encrypted"),
            Result("push of 1 GiB by the command, start included ÷ writing and syncing it", "command"),
            Result("push of 1 GiB through a server, start of the command included ÷ writing and syncing it", "server"),
        ];

        async Task TimeAsync(string what, Func<Task> work)
        {
            // What the one before left to be written is none of this one's; and all begin with as much memory that the machine has at hand, since a file that goes into memory that a host
            // has to find first takes several times as long.
            await WriteAndDeleteAsync(Path.Combine(context.Folder, "before"), buffer);
            Process.Start("sync").WaitForExit();
            long began = Stopwatch.GetTimestamp();
            await work();
            (times.TryGetValue(what, out List<double>? known) ? known : times[what] = []).Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        TargetResult Result(string figure, string what) => TargetResult.AtLeast(
            Name, figure, Statistics.Median(times["write"]) / Statistics.Median(times[what]), 0.7, 0.9,
            $"{what}: {Speed(what)}", $"writing and syncing alone: {Speed("write")}", $"SHA-256 alone on one core: {Speed("hash")}");

        string Speed(string what) => $"{Bytes / Statistics.Median(times[what]) / 1e6:N0} MB/s";
    }

    private static async Task PushAsync(IBlobStore store, byte[] buffer)
    {
        BlobInfo blob = await store.PutAsync(new RepeatedStream(buffer, Bytes), Bytes, CancellationToken.None);
        await store.DeleteAsync(blob.Digest, CancellationToken.None);
    }

    private static async Task WriteAsync(string file, byte[] buffer)
    {
        await using FileStream output = new(file, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        for (long written = 0; written < Bytes; written += buffer.Length)
        {
            await output.WriteAsync(buffer);
        }

        output.Flush(flushToDisk: true);
    }

    private static async Task WriteAndDeleteAsync(string file, byte[] buffer)
    {
        await WriteAsync(file, buffer);
        File.Delete(file);
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

    private static string WriteKey(string folder)
    {
        using RSA key = RSA.Create(2048);
        string file = Path.Combine(folder, "key.pem");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
