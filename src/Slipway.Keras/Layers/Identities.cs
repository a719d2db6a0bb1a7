using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Layers that do something while a model is trained and nothing afterwards.</summary>
internal sealed class Identities : LayerConverter
{
    public override IReadOnlyList<string> ClassNames =>
    [
        "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity",
        "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
        "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
        "RandomTranslation", "RandomWidth", "RandomZoom",
    ];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => [call.Input];
}
