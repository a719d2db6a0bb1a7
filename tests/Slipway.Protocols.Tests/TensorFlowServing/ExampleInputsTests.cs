using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Protocols.TensorFlowServing;

namespace Slipway.Protocols.Tests.TensorFlowServing;

/// <summary>Features with rows of varying length: filled up, and counted where the model asks for it.</summary>
public sealed class ExampleInputsTests
{
    private const string Form = """{"input":"examples","defaults":{},"padded":{"ids":{"length":"ids.length"},"steps":{"with":[9]},"words":{"with":["-"],"length":"words.length"}}}""";

    [Fact]
    public void Rows_of_varying_length_are_filled_up_and_counted()
    {
        Tensor[] inputs = ExampleInputs.ToTensors([Row(("ids", ExampleFeature.Of([5L, 6L]))), Row(), Row(("ids", ExampleFeature.Of([7L])))], Signature(Input("ids", TensorDataType.Int64, -1, -1), Input("ids.length", TensorDataType.Int64, -1)));
        Assert.Equal(new long[] { 3, 2 }, inputs[0].Shape.Dimensions.ToArray());
        Assert.Equal(new long[] { 5, 6, 0, 0, 7, 0 }, Integers(inputs[0]));
        Assert.Equal(new long[] { 2, 0, 1 }, Integers(inputs[1]));
    }

    [Fact]
    public void Steps_are_filled_up_with_what_the_model_says()
    {
        Tensor[] inputs = ExampleInputs.ToTensors([Row(("steps", ExampleFeature.Of([1f, 2f, 3f, 4f]))), Row(("steps", ExampleFeature.Of([5f, 6f])))], Signature(Input("steps", TensorDataType.Float32, -1, -1, 2)));
        Assert.Equal(new long[] { 2, 2, 2 }, inputs[0].Shape.Dimensions.ToArray());
        Assert.Equal(new float[] { 1, 2, 3, 4, 5, 6, 9, 9 }, MemoryMarshal.Cast<byte, float>(inputs[0].Data.Span).ToArray());
    }

    [Fact]
    public void Rows_without_any_value_are_empty()
    {
        Tensor[] inputs = ExampleInputs.ToTensors([Row(), Row()], Signature(Input("words", TensorDataType.String, -1, -1), Input("words.length", TensorDataType.Int64, -1)));
        Assert.Equal(new long[] { 2, 0 }, inputs[0].Shape.Dimensions.ToArray());
        Assert.Equal(new long[] { 0, 0 }, Integers(inputs[1]));
    }

    [Fact]
    public void Half_a_step_is_refused()
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(static () => ExampleInputs.ToTensors([Row(("steps", ExampleFeature.Of([1f, 2f, 3f])))], Signature(Input("steps", TensorDataType.Float32, -1, -1, 2))));
        Assert.Equal(ErrorCode.InvalidRequest, refusal.Code);
        Assert.Contains("'steps'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_named_features_takes_its_input_whole_where_examples_have_that()
    {
        Tensor[] inputs = ExampleInputs.ToTensors(
            [Row(("x", ExampleFeature.Of([1f, 2f]))), Row(("x", ExampleFeature.Of([3f, 4f])), ("other", ExampleFeature.Of([9f])))], Named());
        Assert.Equal(new long[] { 2, 2 }, inputs[0].Shape.Dimensions.ToArray());
        Assert.Equal(new float[] { 1, 2, 3, 4 }, MemoryMarshal.Cast<byte, float>(inputs[0].Data.Span).ToArray());
    }

    [Fact]
    public void A_feature_that_an_example_lacks_is_NaN_but_an_example_without_any_is_refused()
    {
        Tensor[] inputs = ExampleInputs.ToTensors([Row(("b", ExampleFeature.Of([4f])))], Named());
        Assert.Equal(new float[] { float.NaN, 4 }, MemoryMarshal.Cast<byte, float>(inputs[0].Data.Span).ToArray());

        SlipwayException refusal = Assert.Throws<SlipwayException>(static () =>
            ExampleInputs.ToTensors([Row(("b", ExampleFeature.Of([4f]))), Row(("B", ExampleFeature.Of([4f])))], Named()));
        Assert.Equal(ErrorCode.InvalidRequest, refusal.Code);
        Assert.Contains("example 1: it has none of the model's features: 'a', 'b'", refusal.Message, StringComparison.Ordinal);
    }

    private static ModelSignature Named() => new([Input("x", TensorDataType.Float32, -1, 2)], [])
    {
        Metadata = new Dictionary<string, string> { [ModelMetadataKeys.FeatureNames] = """["a","b"]""" },
    };

    private static Dictionary<string, ExampleFeature> Row(params (string Name, ExampleFeature Values)[] features) => features.ToDictionary(static feature => feature.Name, static feature => feature.Values);

    private static TensorSignature Input(string name, TensorDataType type, params long[] shape) => new(name, type, new TensorShape(shape));

    private static ModelSignature Signature(params TensorSignature[] inputs) => new(inputs, []) { Metadata = new Dictionary<string, string> { [ModelMetadataKeys.Examples] = Form } };

    private static long[] Integers(Tensor tensor) => MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray();
}
