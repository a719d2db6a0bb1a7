using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Onnx;

/// <summary>
/// The rules for tensors kept outside the model's file: a relative location inside the version, no <c>..</c>, a file with one name only, and bytes
/// that are really there and as many as the shape needs. What breaks a rule makes the whole model invalid.
/// </summary>
internal static class ExternalDataCheck
{
    /// <summary>Most different files that a model may point at.</summary>
    private const int MaxFiles = 10_000;

    /// <summary>Checks every external tensor of a model and opens the files; returns the different locations.</summary>
    public static IReadOnlyList<string> Check(OnnxModel model, VersionFiles files)
    {
        Dictionary<string, VersionFile> byLocation = new(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in model.ExternalTensors)
        {
            string location = tensor.External!.Location;
            if (!byLocation.TryGetValue(location, out VersionFile? file))
            {
                file = OpenFile(tensor, location, files);
                byLocation.Add(location, file);
                if (byLocation.Count > MaxFiles)
                {
                    throw Refuse(tensor, $"the model points at more than {MaxFiles} files");
                }
            }

            CheckRange(tensor, file);
        }

        return RefuseAliases(byLocation);
    }

    /// <summary>The file that a location means: relative to the folder of the main file.</summary>
    public static string FileOf(string location, string mainFile)
    {
        string folder = mainFile[..(mainFile.LastIndexOf('/') + 1)];
        return folder + string.Join('/', location.Split('/').Where(static part => part != "."));
    }

    /// <summary>Whether a location is a relative name that stays in its folder.</summary>
    // A drive, a scheme, a backslash or the engine's own in-memory marker are no relative file names either.
    public static bool IsPlain(string location) =>
        location.Length > 0
        && location[0] != '/'
        && !location.AsSpan().ContainsAny(['\\', ':', '*', '\0'])
        && !location.Split('/').Any(static part => part.Length == 0 || part == "..");

    private static VersionFile OpenFile(OnnxTensor tensor, string location, VersionFiles files)
    {
        if (location.Length == 0)
        {
            throw Refuse(tensor, "no location is given");
        }

        if (!IsPlain(location))
        {
            throw Refuse(tensor, $"location '{Shown(location)}' is not a plain relative file name");
        }

        if (Array.IndexOf(location.Split('/'), ".") >= 0)
        {
            // The engine looks for the name as it is written among those handed over, which it has tidied up.
            throw Refuse(tensor, $"location '{Shown(location)}' goes through '.', where the engine does not find it: save the model with the location '{Shown(FileOf(location, ""))}'");
        }

        string name = FileOf(location, files.MainFile);
        if (name == files.MainFile)
        {
            throw Refuse(tensor, $"location '{Shown(location)}' is the model itself");
        }

        if (!files.Contains(name))
        {
            throw Refuse(tensor, $"file '{Shown(location)}' is not in the version's folder");
        }

        VersionFile file = files.Open(name);
        return file.Handle is null || LinkCount.Of(file.Handle) is null or 1
            ? file
            : throw Refuse(tensor, $"file '{Shown(location)}' has a second name (hard link) elsewhere");
    }

    private static void CheckRange(OnnxTensor tensor, VersionFile file)
    {
        OnnxExternalData external = tensor.External!;
        if (external.Offset > file.Length || (external.Length ?? 0) > file.Length - external.Offset)
        {
            throw Refuse(tensor, $"{external.Length?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "all"} bytes from byte {external.Offset} of '{Shown(external.Location)}', which has {file.Length}");
        }

        if (tensor.DataType == OnnxDataType.String)
        {
            throw Refuse(tensor, "strings can't be kept outside the model");
        }

        long length = external.Length ?? (file.Length - external.Offset);
        if (!TensorSize.TryGetElementCount(tensor.Dimensions, out long elements) || !tensor.DataType.TryGetByteLength(elements, out long bytes))
        {
            throw Refuse(tensor, $"{tensor.DataType.ToDisplayName()} of shape [{string.Join(',', tensor.Dimensions)}] has no size");
        }

        if (bytes != length)
        {
            throw Refuse(tensor, $"shape [{string.Join(',', tensor.Dimensions)}] of {tensor.DataType.ToDisplayName()} needs {bytes} bytes, {length} are given");
        }
    }

    // A runtime gets each file under one name; two spellings of one file would have to be opened twice.
    private static IReadOnlyList<string> RefuseAliases(Dictionary<string, VersionFile> byLocation)
    {
        foreach (IGrouping<VersionFile, KeyValuePair<string, VersionFile>> same in byLocation.GroupBy(static pair => pair.Value))
        {
            if (same.Count() > 1)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"the model names one file in two ways: {string.Join(", ", same.Select(static pair => $"'{Shown(pair.Key)}'"))}");
            }
        }

        return [.. byLocation.Keys];
    }

    private static string Shown(string location) => location.Length <= 100 ? location : location[..100] + "…";

    private static SlipwayException Refuse(OnnxTensor tensor, string why) =>
        new(ErrorCode.InvalidModel, $"external data of tensor '{Shown(tensor.Name)}' refused: {why}");
}
