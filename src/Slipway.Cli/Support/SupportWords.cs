using Slipway.Formats.Abstractions;

namespace Slipway.Cli.Support;

/// <summary>Words for how a format is served.</summary>
internal static class SupportWords
{
    /// <summary>A few words for a table.</summary>
    public static string Of(FormatServing serving) => serving switch
    {
        FormatServing.AsIs => "as it is",
        FormatServing.Converted => "converted to ONNX",
        FormatServing.Native => "evaluated natively",
        _ => "recognised only",
    };
}
