using Slipway.Keras.Conversion;
using Slipway.Keras.Layers.Operations;
using Slipway.Keras.Layers.Recurrent;

namespace Slipway.Keras.Layers;

/// <summary>Every layer that is converted.</summary>
internal static class KnownLayers
{
    public static LayerConverters All { get; } = new(
    [
        new InputConverter(), new NestedModels(), new Identities(), new SpectralNormalizationConverter(),
        new DenseConverter(), new EinsumDenseConverter(), new EmbeddingConverter(), new MaskingConverter(),
        new ActivationLayers(), new PreluConverter(), new SoftmaxConverter(), new Shaping(),
        new Convolutions(), new TransposedConvolutions(), new Poolings(), new GlobalPoolings(), new AdaptivePoolings(), new Borders(), new CenterCropConverter(), new Resizings(),
        new BatchNormalizationConverter(), new LayerNormalizationConverter(), new GroupNormalizationConverter(), new UnitNormalizationConverter(), new NormalizationConverter(),
        new Merging(), new ConcatenateConverter(), new DotConverter(),
        new RecurrentLayers(), new BidirectionalConverter(), new TimeDistributedConverter(), new ConvolutionalRecurrence(),
        new Attentions(), new MultiHeadAttentionConverter(),
        new RescalingConverter(), new CategoryEncodingConverter(), new DiscretizationConverter(), new Lookups(), new HashingConverter(), new HashedCrossingConverter(), new TextVectorizationConverter(),
        new NamedOperations(), new TensorFlowOperations(),
    ]);
}
