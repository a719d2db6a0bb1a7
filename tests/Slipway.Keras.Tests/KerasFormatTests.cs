using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Keras.Tests;

public sealed class KerasFormatTests
{
    private static readonly FixtureArchive Layers = new("layers.zip");

    private static readonly FixtureArchive Hdf5 = new("hdf5.zip");

    [Fact]
    public void A_file_is_known_by_its_content_whatever_it_is_called()
    {
        Assert.True(Recognizes("model.bin", Layers.Read("dense.2", "model.").Bytes));
        Assert.True(Recognizes("model.bin", Layers.Read("dense.3", "model.").Bytes));
        Assert.True(Recognizes("model.h5", Hdf5.Read("userblock", "file.").Bytes));
        Assert.False(Recognizes("model.h5", "tree\nversion=v3"u8.ToArray()));
        Assert.False(Recognizes("model.keras", Pack("{}", "{}", [], "data.pkl", "x.json", "y.bin")));
    }

    [Fact]
    public void Inspecting_tells_the_version_the_layers_and_the_signature()
    {
        (string fileName, byte[] model) = Layers.Read("text-classifier.2", "model.");
        ModelInspection inspection = Engine.Inspect(model, fileName);
        Assert.Equal("keras", inspection.Format);
        Assert.Equal("Keras", inspection.Producer);
        Assert.Equal("2.13.1", inspection.ProducerVersion);
        InspectedTensor input = Assert.Single(inspection.Inputs);
        Assert.Equal(("x", "INT32"), (input.Name, input.Type));
        Assert.Equal(["?", "6"], input.Shape!);
        Assert.Contains(new InspectedOperator("Bidirectional", 2), inspection.Operators);
        Assert.True(inspection.ParameterCount > 100);
        Assert.DoesNotContain(inspection.Problems, static problem => problem.IsError);
    }

    [Fact]
    public void The_converted_model_says_where_it_comes_from()
    {
        (string fileName, byte[] model) = Layers.Read("dense.3", "model.");
        IReadOnlyDictionary<string, string> metadata = Engine.Inspect(model, fileName).Metadata;
        Assert.Equal("Keras", metadata["source"]);
        Assert.Equal("3.8.0", metadata["source_version"]);
        Assert.Equal("keras", metadata["source_container"]);
    }

    [Theory]
    [InlineData("""{"class_name":"Lambda","config":{"name":"mine","function":["4wEAAAA=",null,null]}}""", "mine", "code")]
    [InlineData("""{"class_name":"TorchModuleWrapper","module":"keras.layers","config":{"name":"mine"},"registered_name":null}""", "mine", "code")]
    [InlineData("""{"class_name":"Package>MyLayer","config":{"name":"mine"}}""", "mine", "custom class")]
    [InlineData("""{"class_name":"MyLayer","module":"my_module","config":{"name":"mine"},"registered_name":"MyPackage>MyLayer"}""", "MyPackage>MyLayer", "custom class")]
    [InlineData("""{"class_name":"MyLayer","config":{"name":"mine"}}""", "mine", "MyLayer")]
    [InlineData("""{"class_name":"Activation","config":{"name":"mine","activation":"my_function"}}""", "mine", "my_function")]
    [InlineData("""{"class_name":"Activation","module":"keras.layers","config":{"name":"mine","activation":{"module":"builtins","class_name":"function","config":"my_function","registered_name":"function"}}}""", "mine", "my_function")]
    [InlineData("""{"class_name":"TextVectorization","config":{"name":"mine","ragged":true}}""", "mine", "ragged")]
    [InlineData("""{"class_name":"AutoContrast","config":{"name":"mine"}}""", "mine", "AutoContrast")]
    [InlineData("""{"class_name":"TextVectorization","config":{"name":"mine","standardize":{"module":"builtins","class_name":"function","config":"my_function"}}}""", "mine", "standardize is a function")]
    [InlineData("""{"class_name":"ConvLSTM2D","config":{"name":"mine","filters":2,"stateful":true}}""", "mine", "stateful")]
    [InlineData("""{"class_name":"UpSampling2D","config":{"name":"mine","size":[2,2],"interpolation":"lanczos3"}}""", "mine", "dimensions")]
    [InlineData("""{"class_name":"LSTM","config":{"name":"mine","units":2,"stateful":true}}""", "mine", "stateful")]
    [InlineData("""{"class_name":"Dense","config":{"name":"mine","output_dim":4,"init":"uniform"}}""", "mine", "Keras 1")]
    [InlineData("""{"class_name":"Dense","config":{"name":"mine","units":4,"dtype":{"module":"keras","class_name":"QuantizedDTypePolicy","config":{"mode":"int4"}}}}""", "mine", "quantised")]
    [InlineData("""{"class_name":"Dense","config":{"name":"mine","units":4,"dtype":"float8_from_float32"}}""", "mine", "quantised")]
    [InlineData("""{"class_name":"MultiHeadAttention","config":{"name":"mine","dtype":{"class_name":"DTypePolicyMap","config":{"policy_map":{"mine/query":{"class_name":"QuantizedDTypePolicy","config":{"mode":"int8"}}}}}}}""", "mine", "quantised")]
    public async Task What_can_not_be_converted_is_refused_by_name_with_the_reason(string layer, params string[] words)
    {
        byte[] archive = Model("""{"class_name":"Sequential","config":{"name":"m","layers":[{"class_name":"InputLayer","config":{"batch_shape":[null,3],"name":"x"}},""" + layer + "]}}");
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(archive, "model.keras"));
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        Assert.True(refusal.Code == (words.Contains("dimensions") ? ErrorCode.InvalidModel : ErrorCode.NotSupported), refusal.Message);
    }

    [Fact]
    public async Task A_subclassed_model_is_refused_by_its_class()
    {
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(Model("""{"class_name":"MyModel","module":"keras","config":{"units":3}}"""), "model.keras"));
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("MyModel", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_weights_alone_is_refused_with_what_to_do()
    {
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(Weights("dense.3"), "model.weights.h5"));
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("model.save", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_hdf5_file_of_something_else_is_refused()
    {
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(Hdf5.Read("types-default", "file.").Bytes));
        Assert.Contains("model_config", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layers", "0", "config", "batch_shape", "[null,7]", "does not fit")]
    [InlineData("layers", "1", "config", "use_bias", "false", "weights")]
    [InlineData("layers", "1", "config", "activation", "3", "activation")]
    [InlineData("layers", "0", "config", "dtype", "\"complex64\"", "complex64")]
    public async Task A_configuration_that_contradicts_the_weights_is_refused(string list, string index, string config, string name, string value, string word)
    {
        JsonNode json = JsonNode.Parse(Text("dense.3", "config.json"))!;
        json["config"]![list]![int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)]![config]![name] = JsonNode.Parse(value);
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => Engine.PrepareAsync(Model(json.ToJsonString(), "dense.3"), "model.keras"));
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_of_an_older_version_is_computed_as_that_version_did()
    {
        (string fileName, _) = Layers.Read("activation-hard_sigmoid.3", "model.");
        LayerCase older = LayerCase.Read("activation-hard_sigmoid.2");
        byte[] archive = Pack("""{"keras_version":"2.13.1"}""", Text("activation-hard_sigmoid.3", "config.json"), Weights("activation-hard_sigmoid.3"));
        using ILoadedModel loaded = await Engine.LoadAsync(archive, fileName);
        Tensor output = Assert.Single(Engine.Run(loaded, older.Inputs));
        Assert.Null(TestKit.TensorComparison.Difference(older.Outputs[0], output, 1e-6, 1e-6, loose: true));
        output.Dispose();
    }

    private static bool Recognizes(string name, byte[] bytes) =>
        new KerasFormat().Recognizes(new FormatSample(name, bytes.Length, bytes.AsMemory(0, Math.Min(bytes.Length, FormatSample.HeadLength)), []));

    private static byte[] Model(string config, string weightsOf = "dense.3") => Pack("""{"keras_version":"3.8.0"}""", config, Weights(weightsOf));

    private static byte[] Pack(string metadata, string config, byte[] weights, params string[] names)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            string[] entries = names.Length > 0 ? names : ["metadata.json", "config.json", "model.weights.h5"];
            foreach ((string name, byte[] content) in entries.Zip([Encoding.UTF8.GetBytes(metadata), Encoding.UTF8.GetBytes(config), weights]))
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Weights(string name) => Entry(name, "model.weights.h5");

    private static string Text(string name, string entry) => Encoding.UTF8.GetString(Entry(name, entry));

    private static byte[] Entry(string name, string entry)
    {
        using ZipArchive zip = new(new MemoryStream(Layers.Read(name, "model.").Bytes));
        using Stream stream = zip.GetEntry(entry)!.Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
