using System.Text;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Recognition;

/// <summary>Marks of kinds of files that are not served. Formats that are come with their own recognition and are asked in their place.</summary>
internal static class RecognizedFormats
{
    private const string ToOnnx = "convert it to ONNX";

    /// <summary>Files with a mark of their own.</summary>
    public static IReadOnlyList<IModelFormat> Marked { get; } =
    [
        new RecognizedFormat("git-lfs", "a Git LFS pointer, not the file itself", "fetch it with 'git lfs pull'", static s => Starts(s, "version https://git-lfs.")),
        new RecognizedFormat("gguf", "a GGUF language model", "it needs an engine for language models", static s => Starts(s, "GGUF")),
        new RecognizedFormat("tflite", "a TensorFlow Lite model", ToOnnx + " with tf2onnx", static s => At(s, 4, "TFL3")),
        new RecognizedFormat("ort", "a model in ONNX Runtime's own format", "serve the ONNX file that it was made from", static s => At(s, 4, "ORTM")),
        new RecognizedFormat("pytorch", "a PyTorch archive", "export it with torch.onnx.export", static s => IsZip(s) && (Has(s, "/data.pkl") || Has(s, "/constants.pkl") || Has(s, "/.format_version"))),
        new RecognizedFormat("skops", "a skops archive (scikit-learn)", ToOnnx + " with skl2onnx", static s => IsZip(s) && (Has(s, "schema.json") || s.FileName.EndsWith(".skops", StringComparison.OrdinalIgnoreCase))),
        new RecognizedFormat("zip", "a ZIP archive", "unpack it into the version's folder", IsZip),
        new RecognizedFormat("pmml", "a PMML document", ToOnnx, static s => Starts(s, "<") && Has(s, "<PMML")),
        new RecognizedFormat("xml", "an XML or HTML document", "it is no model", static s => Starts(s, "<?xml") || Starts(s, "<!") || Starts(s, "<html")),
    ];

    /// <summary>What is left when nothing else fits.</summary>
    public static IReadOnlyList<IModelFormat> Fallback { get; } =
    [
        new RecognizedFormat("text", "a text file", "it is no model", IsText),
    ];

    private static bool Starts(FormatSample sample, string mark) => At(sample, 0, mark);

    private static bool Starts(FormatSample sample, ReadOnlySpan<byte> mark) => sample.Head.Span.StartsWith(mark);

    private static bool At(FormatSample sample, int offset, string mark) =>
        sample.Head.Length >= offset + mark.Length && sample.Head.Span[offset..].StartsWith(Encoding.ASCII.GetBytes(mark));

    private static bool Has(FormatSample sample, string mark) => sample.Head.Span.IndexOf(Encoding.ASCII.GetBytes(mark)) >= 0;

    private static bool IsZip(FormatSample sample) => Starts(sample, "PK\u0003\u0004");

    private static bool IsText(FormatSample sample)
    {
        foreach (byte value in sample.Head.Span)
        {
            if (value is < 0x20 and not ((byte)'\n' or (byte)'\r' or (byte)'\t' or 0x0C) || value == 0x7F)
            {
                return false;
            }
        }

        return true;
    }
}
