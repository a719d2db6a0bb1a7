using Slipway.Keras.Conversion;
using Slipway.Keras.Models;

namespace Slipway.Keras.Layers;

/// <summary>A model as a layer of another one.</summary>
internal sealed class NestedModels : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Functional", "Model", "Sequential"];

    public override string Limits => "models of layers; subclassed models are code and refused";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        ModelGraph model = call.Scope.Reader.Read(call.Layer);
        return ModelConverter.Convert(call.Scope, call.Graph, model, call.Weights.OfModel(model), call.Inputs);
    }
}
