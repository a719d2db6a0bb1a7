using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Compression;
using Slipway.Sklearn.Pickle;
using Slipway.TestKit;

namespace Slipway.Sklearn.Tests.Pickle;

public sealed class PickleReaderTests
{
    // The same object in two protocols; positions and values checked by hand against CPython's pickletools.
    private const string Protocol4 = "8004953900000000000000 7d94288c0161945d94284b0147400400000000000 04e88658c0174944b0185948c016e944afbffffff8c03626967948a06000000000001752e";
    private const string Protocol2 = "80027d7100285801000000617101 5d710228 4b01 47 4004000000000000 4e 88 65 580100000074 7103 4b01 85 7104 58010000006e 7105 4afbffffff 5803000000626967 7106 8a06000000000001 75 2e";

    [Theory]
    [InlineData(Protocol4)]
    [InlineData(Protocol2)]
    public void A_dict_of_everything_simple_reads_alike_in_every_protocol(string hex)
    {
        PickleDict dict = Assert.IsType<PickleDict>(PickleReader.Read(Bytes(hex)));
        Assert.True(dict.TryGet("a", out object? list));
        Assert.Equal([1L, 2.5, null, true], Assert.IsType<PickleList>(list).Items);
        Assert.True(dict.TryGet("t", out object? tuple));
        Assert.Equal([1L], Assert.IsType<PickleTuple>(tuple).Items);
        Assert.True(dict.TryGet("n", out object? negative));
        Assert.Equal(-5L, negative);
        Assert.True(dict.TryGet("big", out object? big));
        Assert.Equal(1099511627776L, big);
    }

    [Fact]
    public void Protocol_0_text_forms_are_read()
    {
        PickleTuple tuple = Assert.IsType<PickleTuple>(PickleReader.Read(Encoding.ASCII.GetBytes("(I01\nI-7\nL12345678901234567890L\nF1.5e3\nVh\\u00e9\nS'a\\x41\\n'\nt.")));
        Assert.Equal([true, -7L, System.Numerics.BigInteger.Parse("12345678901234567890", null), 1500.0, "hé", "aA\n"], tuple.Items);
    }

    [Fact]
    public void A_list_that_contains_itself_is_a_graph_not_a_loop()
    {
        PickleList list = Assert.IsType<PickleList>(PickleReader.Read(Bytes("80025d710068 00612e".Replace("0068 00", "00 6800", StringComparison.Ordinal))));
        Assert.Same(list, Assert.Single(list.Items));
    }

    [Theory]
    [InlineData("cposix\nsystem\n(S'id'\ntR.", "posix.system")]
    [InlineData("cos\nsystem\n(S'id'\ntR.", "os.system")]
    [InlineData("c__builtin__\neval\n(S'1'\ntR.", "builtins.eval")]
    [InlineData("cbuiltins\ngetattr\n(S'1'\ntR.", "builtins.getattr")]
    [InlineData("csubprocess\nPopen\n(S'id'\ntR.", "subprocess.Popen")]
    [InlineData("cnumpy\nload\n(S'x'\ntR.", "numpy.load")]
    [InlineData("cnumpy.core.multiarray\nsomething.system\n(S'x'\ntR.", "numpy.core.multiarray.something.system")]
    [InlineData("csklearn.utils\nos.system\n(S'x'\ntR.", "sklearn.utils.os.system")]
    public void Names_that_a_model_does_not_need_are_refused_by_name(string pickle, string name)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => PickleReader.Read(Encoding.ASCII.GetBytes(pickle)));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
        Assert.Contains($"refused: {name} ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80022e")] // STOP on an empty stack
    [InlineData("4e")] // no STOP
    [InlineData("")]
    [InlineData("58ffffffff61")] // four gigabytes of text announced
    [InlineData("8effffffffffffff7f")] // more bytes than there can be
    [InlineData("54ffffffff")] // negative length
    [InlineData("4b0168ff2e")] // a memo that isn't there
    [InlineData("4b01742e")] // TUPLE without a mark
    [InlineData("7d284b01752e")] // a key without a value
    [InlineData("4b01 4b02 61 2e")] // append to an integer
    [InlineData("ff2e")]
    [InlineData("80092e")]
    [InlineData("4e 50 31 0a 2e")] // persistent id
    public void Damaged_streams_are_invalid_models(string hex)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => PickleReader.Read(Bytes(hex)));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
    }

    [Fact]
    public void A_bomb_of_values_ends_at_the_limit()
    {
        byte[] nones = new byte[40_000_000];
        Array.Fill(nones, (byte)'N');
        SlipwayException error = Assert.Throws<SlipwayException>(() => PickleReader.Read(nones));
        Assert.Contains("MiB", error.Message, StringComparison.Ordinal);

        byte[] marks = new byte[40_000_000];
        Array.Fill(marks, (byte)'(');
        Assert.Throws<SlipwayException>(() => PickleReader.Read(marks));
    }

    [Fact]
    public void Deep_nesting_needs_no_deep_stack()
    {
        byte[] nested = [.. Enumerable.Repeat((byte)']', 200_000), .. Enumerable.Repeat((byte)'a', 199_999), (byte)'.'];
        Assert.IsType<PickleList>(PickleReader.Read(nested));
    }

    [Fact]
    public void Every_scikit_learn_file_of_the_conformance_data_is_read_and_every_hostile_one_refused()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string folder = Assets.PathOf("sklearn");
        int read = 0;
        foreach ((string file, bool hostile) in ModelFiles(folder))
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, file));
            if (hostile)
            {
                SlipwayException error = Assert.Throws<SlipwayException>(() => PickleReader.Read(Decompressor.Decompress(bytes)));
                Assert.Equal(ErrorCode.InvalidModel, error.Code);
                continue;
            }

            PickleObject model = Assert.IsType<PickleObject>(PickleReader.Read(Decompressor.Decompress(bytes)));
            Assert.StartsWith("sklearn.", model.Type.Module, StringComparison.Ordinal);
            Assert.IsType<string>(model["_sklearn_version"]);
            read++;
        }

        Assert.True(read >= 60, $"only {read} files");
    }

    [Fact]
    public void Every_truncation_and_many_bit_flips_of_a_real_file_are_read_or_refused_in_time()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        byte[] whole = File.ReadAllBytes(Assets.PathOf("sklearn/models/scaler_only.joblib"));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => PickleReader.Read(whole.AsMemory(0, length))).Code);
        }

        Random random = new(20261121);
        Stopwatch watch = Stopwatch.StartNew();
        for (int round = 0; round < 3000; round++)
        {
            byte[] copy = [.. whole];
            for (int flip = random.Next(1, 4); flip > 0; flip--)
            {
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                PickleReader.Read(copy);
            }
            catch (SlipwayException error)
            {
                Assert.Equal(ErrorCode.InvalidModel, error.Code);
            }
        }

        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"3000 small files took {watch.Elapsed}");
    }

    private static IEnumerable<(string File, bool Hostile)> ModelFiles(string folder)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        foreach (JsonElement item in manifest.RootElement.GetProperty("cases").EnumerateArray())
        {
            bool hostile = item.GetProperty("kind").GetString() == "hostile";
            JsonElement model = item.GetProperty("model");
            IEnumerable<string> files = model.ValueKind == JsonValueKind.Array ? model.EnumerateArray().Select(file => file.GetString()!) : [model.GetString()!];
            foreach (string file in files)
            {
                yield return (file, hostile);
            }
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
