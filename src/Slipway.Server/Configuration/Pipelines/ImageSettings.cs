using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads steps that decode images and give them another size.</summary>
internal static class ImageSettings
{
    private static readonly Dictionary<string, bool> Layouts = new(StringComparer.Ordinal) { ["NCHW"] = true, ["NHWC"] = false };
    private static readonly Dictionary<string, bool> Methods = new(StringComparer.Ordinal) { ["bilinear"] = true, ["nearest"] = false };

    private static readonly Dictionary<string, ImageFit> Fits = new(StringComparer.Ordinal)
    {
        ["stretch"] = ImageFit.Stretch,
        ["crop"] = ImageFit.Crop,
        ["pad"] = ImageFit.Pad,
    };

    // What means nothing without a size.
    private static readonly string[] SizeKeys = ["fit", "shorterSide", "fill", "method", "antialias"];

    /// <summary><c>decodeImage</c>.</summary>
    public static DecodeImageBody? ReadDecode(ConfigMapping mapping, ConfigValue value, string from)
    {
        bool isSized = mapping.Has("height") || mapping.Has("width");
        ImageSizing? sizing = isSized ? ReadSizing(mapping, value) : null;
        if (!isSized && SizeKeys.FirstOrDefault(mapping.Has) is { } alone)
        {
            value.Refuse($"'{alone}' goes with 'height' and 'width'");
        }

        DecodeImageBody body = new(from, mapping.Get("channels", static one => one.AsInt32(1, 3), 3), ReadLayout(mapping), sizing)
        {
            MaxPixels = mapping.Get("maxPixels", static one => one.AsInt64(1), DecodeImageBody.DefaultMaxPixels),
        };
        return isSized && sizing is null ? null : body;
    }

    /// <summary><c>resize</c>.</summary>
    public static ResizeBody? ReadResize(ConfigMapping mapping, ConfigValue value, string from)
    {
        bool channelsFirst = ReadLayout(mapping);
        return ReadSizing(mapping, value) is { } sizing ? new ResizeBody(from, sizing, channelsFirst) : null;
    }

    /// <summary><c>layout</c>: whether channels come before height and width.</summary>
    public static bool ReadLayout(ConfigMapping mapping) => mapping.Get("layout", static one => one.AsOneOf(Layouts), true);

    private static ImageSizing? ReadSizing(ConfigMapping mapping, ConfigValue value)
    {
        ImageSizing sizing = new(mapping.Get("height", static one => one.AsInt32(1), 1), mapping.Get("width", static one => one.AsInt32(1), 1));
        sizing = sizing with
        {
            Fit = mapping.Get("fit", static one => one.AsOneOf(Fits), ImageFit.Stretch),
            ShorterSide = mapping.Get("shorterSide", static one => one.AsInt32(1), 0),
            Fill = mapping.Get("fill", static one => one.AsDouble(), 0),
            Bilinear = mapping.Get("method", static one => one.AsOneOf(Methods), true),
            Antialias = mapping.Get("antialias", static one => one.AsBool(), false),
        };
        return TransformSettings.Required(mapping, value, "height") & TransformSettings.Required(mapping, value, "width") ? sizing : null;
    }
}
