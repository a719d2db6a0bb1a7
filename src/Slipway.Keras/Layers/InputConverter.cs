using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>The input of a model. Its value is known before anything is converted, so that a call is a mistake of the file.</summary>
internal sealed class InputConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["InputLayer"];

    public override string Limits => "dense tensors; sparse and ragged ones are refused";

    // A Sequential model may begin with an input that another model feeds.
    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => [call.Input];
}
