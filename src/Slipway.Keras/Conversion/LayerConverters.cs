using System.Collections.Frozen;
using Slipway.Formats.Abstractions;
using Slipway.Keras.Models;

namespace Slipway.Keras.Conversion;

/// <summary>Finds the converter of a layer by its class.</summary>
internal sealed class LayerConverters
{
    private static readonly FrozenSet<string> Code = FrozenSet.Create(StringComparer.Ordinal, "Lambda", "TensorFlowOpLayer", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper", "ClassMethod");

    private readonly FrozenDictionary<string, LayerConverter> _byClass;

    public LayerConverters(IEnumerable<LayerConverter> converters)
    {
        _byClass = converters.SelectMany(static converter => converter.ClassNames.Select(name => (name, converter)))
            .ToFrozenDictionary(static pair => pair.name, static pair => pair.converter, StringComparer.Ordinal);
    }

    /// <summary>Every class that is converted, with what of it is not, in ordinal order.</summary>
    public IReadOnlyList<SupportedItem> Supported =>
        [.. _byClass.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new SupportedItem(pair.Key) { Limits = pair.Value.Limits })];

    /// <summary>The converter.</summary>
    /// <exception cref="Core.SlipwayException">There is none; the class is named, and what to do.</exception>
    public LayerConverter Find(LayerConfig layer)
    {
        if (_byClass.TryGetValue(layer.ClassName, out LayerConverter? converter))
        {
            return converter;
        }

        throw Code.Contains(layer.ClassName)
            ? KerasFault.NotSupported($"{layer.Title} carries code, and code in model files is never run: put a layer of Keras' own in its place, or export the model to ONNX or as a SavedModel")
            : KerasFault.NotSupported($"{layer.Title} can't be converted: '{layer.ClassName}' is not a layer that is known here; export the model to ONNX or as a SavedModel instead");
    }
}
