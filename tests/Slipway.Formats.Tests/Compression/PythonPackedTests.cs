using System.Diagnostics;
using Slipway.Formats.Compression;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.Compression;

/// <summary>Larger files packed by Python with many parameters: noise, long runs, numbers, text.</summary>
[Trait("Category", "Slow")]
public sealed class PythonPackedTests
{
    private const string Script = """
        import bz2, lzma, random, struct, sys
        folder = sys.argv[1] + "/"
        random.seed(7)
        blobs = {
            "zeros": bytes(3_000_000), "noise": random.randbytes(2_000_000), "empty": b"", "one": b"x", "runs": b"".join(bytes([i % 256]) * i for i in range(1200)),
            "floats": b"".join(struct.pack("<d", round(random.gauss(0, 1), 2)) for _ in range(150_000)),
            "text": "".join(f"row {i} of {i * 7 % 13}\n" for i in range(60_000)).encode(),
        }
        for name, data in blobs.items():
            open(folder + name, "wb").write(data)
            packed = {
                "bz2": bz2.compress(data), "bz2_1": bz2.compress(data, 1), "bz2_two": bz2.compress(data[:1000]) + bz2.compress(data[1000:]), "xz": lzma.compress(data), "xz_0": lzma.compress(data, preset=0),
                "xz_9": lzma.compress(data, preset=9 | lzma.PRESET_EXTREME, check=lzma.CHECK_CRC32), "xz_none": lzma.compress(data, check=lzma.CHECK_NONE), "lzma": lzma.compress(data, format=lzma.FORMAT_ALONE),
                "lzma_lp": lzma.compress(data, format=lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "lc": 0, "lp": 2, "pb": 0, "dict_size": 4096}]),
                "xz_lc": lzma.compress(data, filters=[{"id": lzma.FILTER_LZMA2, "lc": 1, "lp": 3, "pb": 4}]),
            }
            for kind, content in packed.items():
                open(folder + name + "." + kind, "wb").write(content)
        """;

    [Fact]
    public async Task What_Python_packs_unpacks_to_the_same_bytes()
    {
        using TemporaryFolder folder = new();
        try
        {
            ProcessStartInfo start = new("python3", ["-c", Script, folder.Root]);
            using Process python = Process.Start(start)!;
            await python.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, python.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs Python 3");
        }

        string[] packed = [.. Directory.GetFiles(folder.Root).Where(Path.HasExtension)];
        Assert.Equal(70, packed.Length);
        foreach (string file in packed)
        {
            byte[] expected = File.ReadAllBytes(Path.ChangeExtension(file, null));
            ReadOnlyMemory<byte> unpacked = Decompressor.Decompress(File.ReadAllBytes(file));

            // The marks know LZMA's default parameters only, as files of models have them.
            Assert.True(unpacked.Span.SequenceEqual(expected) || Path.GetExtension(file) == ".lzma_lp", Path.GetFileName(file));
        }
    }
}
