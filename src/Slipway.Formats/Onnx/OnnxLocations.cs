using Slipway.Core;

namespace Slipway.Formats.Onnx;

/// <summary>The files that an ONNX model names as holding its tensors.</summary>
internal static class OnnxLocations
{
    /// <summary>
    /// Locations inside the model's folder, as files; none when the file is not, or not a readable, ONNX model: preparing it will say why.
    /// </summary>
    public static IReadOnlyList<string> Of(FileInfo file)
    {
        try
        {
            using FileStream stream = file.OpenRead();
            return stream.Length == 0
                ? []
                : [.. OnnxReader.Read(stream, stream.Length).ExternalTensors
                    .Select(static tensor => tensor.External!.Location)
                    .Where(static location => ExternalDataCheck.IsPlain(location))
                    .Select(location => ExternalDataCheck.FileOf(location, file.Name))];
        }
        catch (SlipwayException)
        {
            return [];
        }
    }
}
