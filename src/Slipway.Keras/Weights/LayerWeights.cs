using Slipway.Keras.Models;

namespace Slipway.Keras.Weights;

/// <summary>The variables of a layer and of the layers in it, wherever the file keeps them.</summary>
internal abstract class LayerWeights
{
    /// <summary>The layer's own variables.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="names">Their names in the order in which the layer makes them, trainable ones first.</param>
    /// <exception cref="Core.SlipwayException">There are others, or they can't be told apart.</exception>
    public abstract WeightArray[] Bind(LayerConfig layer, IReadOnlyList<string> names);

    /// <summary>Number of the layer's own variables.</summary>
    public abstract int Count { get; }

    /// <summary>The variables of a layer that is an attribute of this one (the cell of a recurrent layer, the layer in a wrapper).</summary>
    /// <param name="attribute">Name of the attribute in Keras.</param>
    public abstract LayerWeights Attribute(string attribute);

    /// <summary>The variables of the layers of a model, by the name of the layer.</summary>
    public abstract IReadOnlyDictionary<string, LayerWeights> OfModel(ModelGraph model);

    /// <summary>Variables of the two directions of a bidirectional layer.</summary>
    public abstract (LayerWeights Forward, LayerWeights Backward) Directions();

    /// <summary>The variables of layers in a list of this one (the cells of a stack).</summary>
    /// <param name="attribute">Name of the attribute in Keras.</param>
    /// <param name="layers">The layers in order.</param>
    public abstract IReadOnlyList<LayerWeights> Items(string attribute, IReadOnlyList<LayerConfig> layers);

    /// <summary>A text file that the layer keeps beside its variables; null where there is none.</summary>
    public virtual string? Asset(string name) => null;
}
