using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Tabular;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.TensorFlow;

/// <summary>SavedModels of others over TensorFlow Serving's REST: every signature by its name, against answers computed from the stored graphs by somebody else.</summary>
public sealed class SavedModelOverRestTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Models
    {
        get
        {
            TheoryData<string> models = [];
            foreach (string name in Assets.Root is null ? ["none"] : Names())
            {
                models.Add(name);
            }

            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Every_signature_is_called_by_its_name(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using TabularServer server = await TabularServer.StartAsync(Files(name));
        using JsonDocument calls = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf($"tf-savedmodel/expected/{name.Replace('/', '_')}.json")));
        foreach (JsonElement call in calls.RootElement.EnumerateArray())
        {
            JsonObject body = new()
            {
                ["signature_name"] = call.GetProperty("signature").GetString(),
                ["inputs"] = new JsonObject(call.GetProperty("inputs").EnumerateObject().Select(static input => KeyValuePair.Create(input.Name, Nested(input.Value)))),
            };
            using JsonDocument answer = JsonDocument.Parse(await server.PostAsync("v1/models/model:predict", body.ToJsonString()));
            JsonElement given = answer.RootElement.GetProperty("outputs");
            JsonProperty[] wanted = [.. call.GetProperty("outputs").EnumerateObject()];
            foreach (JsonProperty output in wanted)
            {
                double[] expected = [.. output.Value.GetProperty("data").EnumerateArray().Select(static value => value.GetDouble())];
                double[] numbers = [.. Flat(wanted.Length == 1 ? given : given.GetProperty(output.Name))];
                Assert.Equal(expected.Length, numbers.Length);
                Assert.All(expected.Zip(numbers), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Tolerance * Math.Max(1, Math.Abs(pair.First)), $"{output.Name}: {pair}"));
            }
        }
    }

    [Fact]
    public async Task Metadata_is_that_of_TensorFlow_Serving()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using TabularServer server = await TabularServer.StartAsync(Files("half_plus_two/123"));
        JsonNode given = JsonNode.Parse(await server.Client.GetStringAsync(new Uri("v1/models/model/metadata", UriKind.Relative), TestContext.Current.CancellationToken))!;
        JsonNode golden = JsonNode.Parse(File.ReadAllBytes(Assets.PathOf("tf-savedmodel/metadata/saved_model_half_plus_two_2_versions_metadata.json")))!;
        Assert.True(JsonNode.DeepEquals(golden["metadata"], given["metadata"]), given.ToJsonString());
    }

    [Theory]
    [InlineData("regress", "regress_x_to_y", """[{"x":1.0},{"x":2.0},{"x":5.0}]""", """{"results":[2.5,3.0,4.5]}""")]
    [InlineData("regress", "regress_x_to_y2", """[{"x":1.0},{"x":2.0}]""", """{"results":[3.5,4.0]}""")]
    [InlineData("classify", "classify_x_to_y", """[{"x":1.0},{"x":2.0}]""", """{"results":[[["",2.5]],[["",3.0]]]}""")]
    public async Task Examples_reach_the_signature_that_they_name(string method, string signature, string examples, string expected)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using TabularServer server = await TabularServer.StartAsync(Files("half_plus_two/123"));
        Assert.Equal(expected, await server.PostAsync($"v1/models/model:{method}", $$"""{"signature_name":"{{signature}}","examples":{{examples}}}"""));
    }

    [Fact]
    public async Task A_signature_that_there_is_not_is_said_in_TensorFlow_Servings_words()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using TabularServer server = await TabularServer.StartAsync(Files("java/using_python"));
        string unknown = await server.PostAsync("v1/models/model:predict", """{"signature_name":"nope","instances":[1.0]}""", 400);
        Assert.Contains("""Serving signature name: \"nope\" not found in signature def""", unknown, StringComparison.Ordinal);

        // The model has no serving_default, which is what no name means to TensorFlow Serving.
        string unnamed = await server.PostAsync("v1/models/model:predict", """{"instances":[1.0]}""", 400);
        Assert.Contains("""Serving signature name: \"serving_default\" not found in signature def""", unnamed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_inference_names_a_signature_by_a_parameter()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        await using TabularServer server = await TabularServer.StartAsync(Files("java/using_python"));
        const string Inputs = """
            "inputs":[{"name":"a","datatype":"FP32","shape":[],"data":[1]},{"name":"b","datatype":"FP32","shape":[],"data":[2.5]}]
            """;
        string answer = await server.PostAsync("v2/models/model/infer", $$"""{"parameters":{"signature_name":"add"},{{Inputs}}}""");
        Assert.Equal(3.5, JsonNode.Parse(answer)!["outputs"]![0]!["data"]![0]!.GetValue<double>());
        await server.PostAsync("v2/models/model/infer", $$"""{"parameters":{"signature_name":"nope"},{{Inputs}}}""", 400);
    }

    private static JsonNode? Nested(JsonElement tensor)
    {
        int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt32())];
        JsonElement[] data = [.. tensor.GetProperty("data").EnumerateArray()];
        return Nested(shape, data);
    }

    private static JsonNode? Nested(ReadOnlySpan<int> shape, ReadOnlySpan<JsonElement> data)
    {
        if (shape.IsEmpty)
        {
            return JsonNode.Parse(data[0].GetRawText());
        }

        JsonArray rows = [];
        int width = data.Length / Math.Max(1, shape[0]);
        for (int row = 0; row < shape[0]; row++)
        {
            rows.Add(Nested(shape[1..], data.Slice(row * width, width)));
        }

        return rows;
    }

    private static IEnumerable<double> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value.GetDouble()];

    private static (string Name, byte[] Content)[] Files(string model)
    {
        string root = Assets.PathOf("tf-savedmodel/" + model);
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => ($"model/1/{Path.GetRelativePath(root, file)}", File.ReadAllBytes(file)))];
    }

    private static IEnumerable<string> Names()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("tf-savedmodel/manifest.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray().Where(static item => item.GetProperty("kind").GetString() == "savedmodel").Select(static item => item.GetProperty("name").GetString()!)];
    }
}
