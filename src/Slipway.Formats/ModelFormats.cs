using Slipway.Formats.Abstractions;
using Slipway.Formats.CatBoost;
using Slipway.Formats.LightGbm;
using Slipway.Formats.Onnx;
using Slipway.Formats.Recognition;
using Slipway.Formats.XGBoost;

namespace Slipway.Formats;

/// <summary>
/// The kinds of model files that are known, asked in order: those given, then kinds that are known by sight only, then ONNX, which has no mark of its own
/// and so comes after all that have. Immutable.
/// </summary>
public sealed class ModelFormats
{
    /// <summary>ONNX and what is added to it.</summary>
    /// <param name="formats">Further formats, strongest marks first.</param>
    public ModelFormats(IEnumerable<IModelFormat> formats)
    {
        All = [.. formats, .. RecognizedFormats.Marked, new OnnxFormat(), .. RecognizedFormats.Fallback];
    }

    /// <summary>The formats of this room beside ONNX.</summary>
    public static IReadOnlyList<IModelFormat> Own { get; } = [new LightGbmFormat(), new XGBoostFormat(), new CatBoostFormat(), new CatBoostBinaryFormat()];

    /// <summary>The formats of this room alone.</summary>
    public static ModelFormats Default { get; } = new(Own);

    /// <summary>All of them, in the order they are asked.</summary>
    public IReadOnlyList<IModelFormat> All { get; }

    /// <summary>The first format that recognises the sample, or null.</summary>
    public IModelFormat? Find(FormatSample sample) => All.FirstOrDefault(format => format.Recognizes(sample));
}
