using System.Text;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.MLmodel;

/// <summary>The example that a version is kept with is handed on as a body for MLflow's scoring server.</summary>
public sealed class MLmodelExampleTests
{
    private const string Split = """{"columns":["a"],"data":[[1]]}""";

    [Theory]
    [InlineData("{artifact_path: e.json, type: dataframe, pandas_orient: split}", Split, """{"dataframe_split":{"columns":["a"],"data":[[1]]}}""")]
    [InlineData("{artifact_path: e.json, type: dataframe}", """[{"a":1}]""", """{"dataframe_records":[{"a":1}]}""")]
    [InlineData("{artifact_path: e.json, type: ndarray, format: tf-serving}", """{"inputs":[[1]]}""", """{"inputs":[[1]]}""")]
    [InlineData("{artifact_path: e.json, type: ndarray}", "[[1]]", """{"inputs":[[1]]}""")]
    [InlineData("{artifact_path: e.json, serving_input_path: s.json, type: dataframe}", Split, """{"instances":[1]}""")]
    [InlineData("{artifact_path: e.json, type: sparse_matrix_csr}", "{}", "")]
    [InlineData("{artifact_path: e.json, type: dataframe}", "no JSON", "")]
    [InlineData("{artifact_path: ../e.json, type: ndarray}", "[[1]]", "")]
    [InlineData("{artifact_path: gone.json, type: ndarray}", "[[1]]", "")]
    [InlineData("null", "[[1]]", "")]
    public async Task Example_is_handed_on_in_the_form_of_a_request(string info, string example, string expected)
    {
        string described = $"flavors:\n  onnx: {{data: model.onnx}}\nsaved_input_example_info: {info}\n";
        MemoryModelArtifact artifact = new(
            null, ("MLmodel", Encoding.UTF8.GetBytes(described)), ("model.onnx", OnnxModels.Add(1)), ("e.json", Encoding.UTF8.GetBytes(example)), ("s.json", """{"instances":[1]}"""u8.ToArray()));

        using PreparedModel prepared = await new ModelPreparer(ModelFormats.Default).PrepareAsync(artifact, TestContext.Current.CancellationToken);

        Assert.Equal(expected, Encoding.UTF8.GetString(prepared.InputExample.Span));
    }

    [Fact]
    public async Task Example_larger_than_a_request_ought_to_be_is_left_alone()
    {
        MemoryModelArtifact artifact = new(
            null, ("MLmodel", "flavors:\n  onnx: {data: model.onnx}\nsaved_input_example_info: {artifact_path: e.json, type: ndarray}\n"u8.ToArray()),
            ("model.onnx", OnnxModels.Add(1)), ("e.json", Encoding.UTF8.GetBytes($"[{new string(' ', 5 << 20)}1]")));

        using PreparedModel prepared = await new ModelPreparer(ModelFormats.Default).PrepareAsync(artifact, TestContext.Current.CancellationToken);

        Assert.True(prepared.InputExample.IsEmpty);
    }
}
