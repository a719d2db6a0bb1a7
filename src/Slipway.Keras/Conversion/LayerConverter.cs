namespace Slipway.Keras.Conversion;

/// <summary>Converts calls of layers of one family. Stateless.</summary>
internal abstract class LayerConverter
{
    /// <summary>Classes that this converter is for, as configurations name them.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    /// <summary>What of these layers is not taken, in plain words for the documentation; empty: everything is.</summary>
    public virtual string Limits => "";

    /// <summary>Emits a call.</summary>
    /// <returns>The call's outputs; most layers have one.</returns>
    /// <exception cref="Core.SlipwayException">The layer has an option that can't be converted, or contradicts its weights or inputs.</exception>
    public abstract IReadOnlyList<LayerTensor> Convert(LayerCall call);
}
