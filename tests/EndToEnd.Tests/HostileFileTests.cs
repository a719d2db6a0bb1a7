using System.Globalization;
using System.IO.Compression;
using System.Text;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>
/// Files made to hurt, each given to the real program in a process of its own: it ends by itself with status 3 and one line, in little memory. The time is shown, not judged: machines differ.
/// </summary>
[Trait("Category", "Slow")]
public sealed class HostileFileTests(ITestOutputHelper output)
{
    private const long MemoryAllowance = 256L << 20;

    public static TheoryData<string> Made { get; } = [.. Bombs.Keys];

    public static TheoryData<string> Kept { get; } =
    [
        .. Assets.Cases(static () => ((string[])["sklearn/hostile", "pmml/hostile", "boosters/negative", "onnx/negative"])
            .SelectMany(static folder => Directory.EnumerateFiles(Assets.PathOf(folder))).Select(static file => Path.GetRelativePath(Assets.Root!, file)).Order(StringComparer.Ordinal)),
    ];

    private static Dictionary<string, Func<byte[]>> Bombs => new()
    {
        ["deep.pkl"] = static () => [0x80, 4, .. Repeat("]"u8, 2_000_000), .. Repeat("a"u8, 1_999_999), (byte)'.'],
        ["marks.pkl"] = static () => [0x80, 4, .. Repeat("("u8, 5_000_000), (byte)'.'],
        ["declared-bytes.pkl"] = static () => [0x80, 4, 0x8E, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3],
        ["declared-text.pkl"] = static () => [0x80, 4, (byte)'X', 255, 255, 255, 255, 1],
        ["memo.pkl"] = static () => [0x80, 4, (byte)']', (byte)'r', 255, 255, 255, 127, (byte)'.'],
        ["doubling.pkl"] = static () => [0x80, 4, (byte)']', .. Repeat([0x94, (byte)'(', (byte)'h', 0, (byte)'h', 0, (byte)'l'], 100_000), (byte)'.'],
        ["long.pkl"] = static () => [0x80, 4, 0x8B, 255, 255, 255, 127, 1],
        ["global.pkl"] = static () => [.. "cposix\nsystem\n(S'touch /tmp/slipway-must-not-exist'\ntR."u8],
        ["zeros.pkl.gz"] = static () => Gzip(1 << 30, 0),
        ["lists.pkl.gz"] = static () => Gzip(1 << 28, (byte)']'),
        ["learner.json"] = static () => [.. "{\"learner\":"u8, .. Repeat("["u8, 3_000_000)],
        ["wide.json"] = static () => [.. "{\"learner\":["u8, .. Repeat("{},"u8, 3_000_000), .. "1]}"u8],
        ["declared.ubj"] = static () => [.. "{L\0\0\0\0\0\0\0\u0007learner{L\0\0\0\0\0\0\0\u0001a["u8, .. "$d#L"u8, 0, 0, 0x7F, 255, 255, 255, 255, 255],
        ["leaves.txt"] = static () => [.. "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=2000000000\nobjective=regression\n\nTree=0\nnum_leaves=2000000000\nnum_cat=0\nleaf_value=1\n\nend of trees\n"u8],
        ["laughs.pmml"] = static () => Encoding.UTF8.GetBytes(Laughs()),
        ["deep.pmml"] = static () => [.. "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\">"u8, .. Repeat("<a>"u8, 1_000_000)],
        ["text.pmml"] = static () => [.. "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"><Header copyright=\""u8, .. Repeat("x"u8, 50_000_000)],
        ["nested.onnx"] = static () => [8, 8, 0x3A, 0xFF, 0xFF, 0xFF, 0x7F, .. Repeat([0x0A, 0xFF, 0xFF, 0xFF, 0x7F], 100_000)],
        ["archive.keras"] = ZipBomb,
        ["header.h5"] = static () => [0x89, .. "HDF\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, .. Repeat([255], 4096)],
    };

    [Theory]
    [MemberData(nameof(Made))]
    public async Task What_is_made_to_hurt_is_refused(string name)
    {
        using TemporaryFolder folder = new();
        await RefuseAsync(folder.Write(name, Bombs[name]()));
        Assert.False(File.Exists("/tmp/slipway-must-not-exist"));
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public Task What_others_made_is_refused(string file)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        return RefuseAsync(Assets.PathOf(file));
    }

    private async Task RefuseAsync(string file)
    {
        MeasuredRun idle = await MeasuredRun.OfAsync("formats");
        MeasuredRun run = await MeasuredRun.OfAsync("inspect", file);
        long length = new FileInfo(file).Length;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(file)}: {length:N0} bytes, {run.Time.TotalSeconds:0.00} s (idle {idle.Time.TotalSeconds:0.00} s), {(run.PeakBytes - idle.PeakBytes) >> 20} MiB above idle: {run.Errors.Trim()}"));
        Assert.True(run.ExitCode == 3, $"status {run.ExitCode}: {run.Errors}");
        Assert.Equal(1, run.Errors.Count(static character => character == '\n'));
        Assert.True(run.PeakBytes - idle.PeakBytes <= MemoryAllowance + length, $"{(run.PeakBytes - idle.PeakBytes) >> 20} MiB above an idle program");
    }

    private static byte[] Repeat(ReadOnlySpan<byte> part, int count)
    {
        byte[] all = new byte[part.Length * count];
        for (int i = 0; i < count; i++)
        {
            part.CopyTo(all.AsSpan(i * part.Length));
        }

        return all;
    }

    private static byte[] Gzip(int size, byte fill)
    {
        MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest))
        {
            gzip.Write([0x80, 4]);
            byte[] chunk = Repeat([fill], 1 << 20);
            for (int written = 0; written < size; written += chunk.Length)
            {
                gzip.Write(chunk);
            }
        }

        return target.ToArray();
    }

    private static byte[] ZipBomb()
    {
        MemoryStream target = new();
        using (ZipArchive archive = new(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in (string[])["metadata.json", "config.json", "model.weights.h5"])
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write("{\"keras_version\":\"3.0.0\",\"class_name\":\""u8);
                byte[] chunk = Repeat("x"u8, 1 << 20);
                for (int i = 0; i < 512; i++)
                {
                    entry.Write(chunk);
                }
            }
        }

        return target.ToArray();
    }

    private static string Laughs()
    {
        StringBuilder text = new("<?xml version=\"1.0\"?>\n<!DOCTYPE PMML [\n<!ENTITY a0 \"ha\">\n");
        for (int i = 1; i < 30; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">\n");
        }

        return text.Append("]>\n<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"><Header copyright=\"&a29;\"/></PMML>").ToString();
    }
}
