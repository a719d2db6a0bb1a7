using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;
using Slipway.Keras.Hdf5;

namespace Slipway.Keras.Tests.Hdf5;

public sealed class Hdf5FileTests
{
    private static readonly FixtureArchive Archive = new("hdf5.zip");

    public static TheoryData<string> Files => [.. Archive.Folders];

    // Files that the HDF5 library wrote (Fixtures/make_hdf5.py), with the values that it reads back.
    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_has_the_attributes_and_values_that_the_library_reads(string name)
    {
        Hdf5File file = Hdf5File.Open(Archive.Read(name, "file").Bytes);
        using JsonDocument json = JsonDocument.Parse(Archive.Read(name, "values").Bytes);
        string[] refused = [.. json.RootElement.GetProperty("refused").EnumerateArray().Select(static item => item.GetString()!)];
        int compared = 0;
        foreach (JsonProperty item in json.RootElement.GetProperty("items").EnumerateObject())
        {
            Hdf5Object found = file.Root.Find(item.Name) ?? throw new InvalidOperationException($"{item.Name} is not there");
            foreach (JsonProperty attribute in item.Value.GetProperty("attributes").EnumerateObject())
            {
                Assert.Equal(attribute.Value.EnumerateArray().Select(static text => text.GetString()!), found.Texts(attribute.Name));
                compared++;
            }

            if (refused.Contains(item.Name))
            {
                SlipwayException refusal = Assert.Throws<SlipwayException>(() => found.AsDataset().ReadBytes());
                Assert.Equal(ErrorCode.NotSupported, refusal.Code);
            }
            else if (item.Value.TryGetProperty("values", out JsonElement values))
            {
                Compare(item.Value.GetProperty("shape"), values, found.AsDataset());
                compared++;
            }
        }

        Assert.True(compared > 0 || refused.Length > 0);
    }

    [Fact]
    public void Lookup3_gives_the_published_value()
    {
        // The author's own test vector for hashlittle with initial value 0.
        Assert.Equal(0x17770551u, Lookup3.Hash("Four score and seven years ago"u8));
        Assert.Equal(0xDEADBEEFu, Lookup3.Hash([]));
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        Hdf5File file = Hdf5File.Open(Archive.Read("types-default", "file").Bytes);
        Assert.Null(file.Root.Find("g/nothing"));
        Assert.Null(file.Root.Find("scalar/inside"));
        Assert.Null(file.Root.Text("nothing"));
        Assert.Equal([], file.Root.Texts("none")!);
    }

    private static void Compare(JsonElement shape, JsonElement values, Hdf5Dataset dataset)
    {
        Assert.Equal(shape.EnumerateArray().Select(static size => size.GetInt64()), dataset.Dimensions);
        if (dataset.Type.Kind is DatatypeKind.FixedText or DatatypeKind.HeapText)
        {
            Assert.Equal(values.EnumerateArray().Select(static item => item.GetString()!), dataset.ReadTexts());
            return;
        }

        float[] expected = [.. values.EnumerateArray().Select(static item => (float)item.GetDouble())];
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(dataset.ReadSingles().Span).ToArray());
    }
}
