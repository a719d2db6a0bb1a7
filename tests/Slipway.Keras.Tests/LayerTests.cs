using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Keras.Tests;

public sealed class LayerTests
{
    public static TheoryData<string> Cases => [.. LayerCase.Names];

    // A file of each layer and option, run in the engine, against figures that NumPy computed in double precision with plain loops.
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_layer_gives_what_its_definition_says(string name)
    {
        LayerCase layer = LayerCase.Read(name);
        using ILoadedModel model = await Engine.LoadAsync(layer.Model, layer.FileName);
        Tensor[] outputs = Engine.Run(model, layer.Inputs);
        Assert.Equal(layer.Outputs.Select(static output => output.Name), outputs.Select(static output => output.Name));
        for (int i = 0; i < outputs.Length; i++)
        {
            ProofLog.Record("Keras", name, layer.Outputs[i], outputs[i]);
            Assert.Null(TensorComparison.Difference(layer.Outputs[i], outputs[i], layer.Tolerance, layer.Tolerance));
            outputs[i].Dispose();
        }
    }
}
