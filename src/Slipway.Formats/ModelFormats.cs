using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;
using Slipway.Formats.Sklearn;

namespace Slipway.Formats;

/// <summary>The kinds of model files that are known, in the order they are tried. Immutable.</summary>
public sealed class ModelFormats(IEnumerable<IModelFormat> formats)
{
    /// <summary>What comes with Slipway.</summary>
    public static ModelFormats Default { get; } = new([new OnnxFormat(), new SklearnFormat()]);

    /// <summary>All of them, strongest marks first.</summary>
    public IReadOnlyList<IModelFormat> All { get; } = [.. formats];

    /// <summary>The first format that recognises the sample, or null.</summary>
    public IModelFormat? Find(FormatSample sample) => All.FirstOrDefault(format => format.Recognizes(sample));
}
