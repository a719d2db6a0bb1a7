using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Slipway.Core;

namespace Slipway.Keras.Tests;

/// <summary>Damaged and malicious files get one clear refusal: no other exception, no endless loop, no memory that the file does not account for.</summary>
public sealed class HostileFileTests
{
    private static readonly FixtureArchive Layers = new("layers.zip");

    private static readonly FixtureArchive Hdf5 = new("hdf5.zip");

    public static TheoryData<string> SmallFiles => ["dense.2", "dense.3", "lstm-masked-last.2", "string-lookup-asset"];

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public async Task A_file_cut_off_at_any_byte_is_refused(string name)
    {
        (string fileName, byte[] model) = Layers.Read(name, "model.");
        int step = Math.Max(model.Length / 500, 1);
        for (int length = 0; length < model.Length; length += step)
        {
            // HDF5 rounds a file's end up: what is missing there was never used.
            bool unused = model.AsSpan(length).IndexOfAnyExcept((byte)0) < 0;
            if (await IsAcceptedAsync(model[..length], fileName) && !unused)
            {
                Assert.Fail($"the first {length} of {model.Length} bytes were taken for a whole model");
            }
        }
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public async Task A_flipped_bit_or_byte_gives_a_model_or_a_refusal(string name)
    {
        (string fileName, byte[] model) = Layers.Read(name, "model.");
        Random random = new(20251102);
        for (int round = 0; round < 1000; round++)
        {
            byte[] damaged = [.. model];
            for (int count = random.Next(1, 4); count > 0; count--)
            {
                int at = random.Next(damaged.Length);
                damaged[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => 0xFF, _ => (byte)(damaged[at] ^ (1 << random.Next(8))) };
            }

            await IsAcceptedAsync(damaged, fileName);
        }
    }

    // Every address in the file is made to lead to every structure: trees into themselves, heaps into groups, groups into their parents.
    [Fact]
    public async Task Addresses_that_lead_astray_are_refused()
    {
        byte[] model = Layers.Read("dense.2", "model.").Bytes;
        List<int> structures = [.. Marks(model, "TREE", "HEAP", "SNOD", "GCOL").Take(12), 96];
        int tried = 0;
        for (int at = 0; at + 8 <= model.Length; at += 8)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(model.AsSpan(at));
            if (value is 0 or ulong.MaxValue || value >= (ulong)model.Length)
            {
                continue;
            }

            foreach (int structure in structures)
            {
                byte[] damaged = [.. model];
                BinaryPrimitives.WriteUInt64LittleEndian(damaged.AsSpan(at), (ulong)structure);
                await IsAcceptedAsync(damaged, "model.h5");
                tried++;
            }
        }

        Assert.True(tried > 500);
    }

    [Fact]
    public void A_tree_that_contains_itself_is_refused()
    {
        byte[] model = Layers.Read("dense.2", "model.").Bytes;
        int tree = Marks(model, "TREE").First();
        model[tree + 5] = 1; // not a leaf: its children are trees
        BinaryPrimitives.WriteUInt64LittleEndian(model.AsSpan(tree + 8 + 16 + 8), (ulong)tree);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Keras.Hdf5.Hdf5File.Open(model).Root.Names);
        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        Assert.Contains("ring", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dimensions_beyond_the_file_are_refused_before_memory_is_taken()
    {
        byte[] model = Hdf5.Read("types-default", "file.").Bytes;

        // The shape of one of the data sets that have five elements and no data in the file.
        int at = Patch(model, [1, 1, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (long size in (long[])[1L << 28, 1L << 40, long.MaxValue / 2])
        {
            BinaryPrimitives.WriteInt64LittleEndian(model.AsSpan(at + 8), size);
            Keras.Hdf5.Hdf5Object root = Keras.Hdf5.Hdf5File.Open(model).Root;
            int refused = ((string[])["fill", "zero"]).Count(name => Record.Exception(() => root.Find(name)!.AsDataset().ReadBytes()) is SlipwayException);
            Assert.Equal(1, refused);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
    }

    [Fact]
    public async Task Archives_that_unpack_to_much_more_are_refused()
    {
        byte[] weights = Zip(("metadata.json", "{}"u8.ToArray()), ("config.json", "{}"u8.ToArray()), ("model.weights.h5", new byte[80 << 20]));
        byte[] config = Zip(("metadata.json", "{}"u8.ToArray()), ("config.json", new byte[70 << 20]), ("model.weights.h5", []));
        foreach (byte[] bomb in (byte[][])[weights, config])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(bomb, "model.keras"));
            Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 256L << 20);
        }
    }

    [Fact]
    public async Task Configurations_nested_without_end_are_refused()
    {
        string json = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);
        byte[] deep = Zip(("metadata.json", "{}"u8.ToArray()), ("config.json", Encoding.ASCII.GetBytes(json)), ("model.weights.h5", []));
        Assert.Equal(ErrorCode.InvalidModel, (await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(deep, "model.keras"))).Code);

        // Models in models, each of which JSON still takes.
        string inner = """{"class_name":"InputLayer","config":{"batch_shape":[null,1]}}""";
        for (int i = 0; i < 55; i++)
        {
            inner = "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"m\",\"layers\":[" + "{\"class_name\":\"InputLayer\",\"config\":{\"batch_shape\":[null,1],\"name\":\"i\"}}," + inner + "]}}";
        }

        byte[] nested = Zip(("metadata.json", "{}"u8.ToArray()), ("config.json", Encoding.ASCII.GetBytes(inner)), ("model.weights.h5", Layers.Read("dense.2", "model.").Bytes));
        Assert.Equal(ErrorCode.InvalidModel, (await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(nested, "model.keras"))).Code);
    }

    [Fact]
    public async Task Names_in_an_archive_lead_nowhere()
    {
        byte[] archive = Zip(("metadata.json", "{}"u8.ToArray()), ("../../config.json", "{}"u8.ToArray()), ("/etc/passwd", "x"u8.ToArray()));
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(archive, "model.keras"));
        Assert.Contains("config.json", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> IsAcceptedAsync(byte[] model, string fileName)
    {
        try
        {
            using PreparedModel prepared = await Engine.PrepareAsync(model, fileName);
            return true;
        }
        catch (SlipwayException refusal) when (refusal.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported)
        {
            return false;
        }
    }

    private static IEnumerable<int> Marks(byte[] bytes, params string[] marks) => marks.SelectMany(mark =>
    {
        List<int> found = [];
        for (int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(mark)); at >= 0;)
        {
            found.Add(at);
            int next = bytes.AsSpan(at + 1).IndexOf(Encoding.ASCII.GetBytes(mark));
            at = next < 0 ? -1 : at + 1 + next;
        }

        return found;
    });

    private static int Patch(byte[] bytes, byte[] pattern)
    {
        int at = bytes.AsSpan().IndexOf(pattern);
        return at >= 0 ? at : throw new InvalidOperationException("the pattern is not in the file");
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
