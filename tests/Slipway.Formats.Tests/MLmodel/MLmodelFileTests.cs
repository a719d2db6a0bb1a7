using System.Text;
using Slipway.Core;
using Slipway.Formats.MLmodel;

namespace Slipway.Formats.Tests.MLmodel;

public sealed class MLmodelFileTests
{
    private const string Onnx = """
        flavors:
          onnx: {code: null, data: model.onnx, onnx_version: 1.16.0, providers: [CPUExecutionProvider]}
          python_function: {data: model.onnx, env: {conda: conda.yaml, virtualenv: python_env.yaml}, loader_module: mlflow.onnx}
        mlflow_version: 2.14.0
        signature:
          inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 4]}, "name": "x"}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]'
          params: null
        saved_input_example_info: {artifact_path: input_example.json, serving_input_path: serving_input_example.json, type: dataframe}
        """;

    [Fact]
    public void What_the_file_says_is_read()
    {
        MLmodelFile model = Read(Onnx);
        Assert.Equal(["onnx", "python_function"], model.Flavors);
        Assert.Equal("model.onnx", model.Setting("onnx", "data"));
        Assert.Null(model.Setting("onnx", "code"));
        Assert.Null(model.Setting("sklearn", "pickled_model"));
        Assert.Contains("float32", model.InputsJson, StringComparison.Ordinal);
        Assert.Null(model.ParametersJson);
        Assert.Equal("serving_input_example.json", model.ServingExample);
    }

    [Theory]
    [InlineData("- a list")]
    [InlineData("a: [1, 2")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: &x 1\nb: *x")]
    [InlineData("[1, 2]: x")]
    [InlineData("")]
    public void What_is_no_such_file_is_refused(string text) =>
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => Read(text)).Code);

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.Throws<SlipwayException>(() => Read(string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100))));
        Assert.Throws<SlipwayException>(() => Read("a: " + new string('x', 5 << 20)));
    }

    private static MLmodelFile Read(string text) => MLmodelFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
