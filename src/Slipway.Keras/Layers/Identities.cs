using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Layers that do something while a model is trained and nothing afterwards.</summary>
internal sealed class Identities : LayerConverter
{
    public override IReadOnlyList<string> ClassNames =>
    [
        "AugMix", "CutMix", "Dropout", "MixUp", "RandAugment", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity",
        "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
        "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
        "RandomTranslation", "RandomWidth", "RandomZoom",
    ];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => [call.Input];
}

/// <summary>SpectralNormalization: training leaves the kernel of the layer inside scaled, so that only that layer is left.</summary>
internal sealed class SpectralNormalizationConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["SpectralNormalization"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => call.Delegate(call.ReadLayer("layer"), call.Weights.Attribute("layer"), call.Inputs);
}
