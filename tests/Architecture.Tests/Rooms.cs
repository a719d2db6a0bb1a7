using System.Xml.Linq;
using Slipway.TestKit;

namespace Slipway.Architecture.Tests;

/// <summary>The rooms of the house and the arrows that are allowed between them; docs/ARCHITECTURE.md tells why.</summary>
internal static class Rooms
{
    private const string Any = "*";

    /// <summary>Room → rooms that it may reference.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Slipway.Core"] = [],
        ["Slipway.OnnxRuntime"] = ["Slipway.Core"],
        ["Slipway.Formats"] = ["Slipway.Core"],
        ["Slipway.Sklearn"] = ["Slipway.Core", "Slipway.Formats"],
        ["Slipway.Keras"] = ["Slipway.Core", "Slipway.Formats"],
        ["Slipway.TensorFlow"] = ["Slipway.Core", "Slipway.Formats"],
        ["Slipway.Pmml"] = ["Slipway.Core", "Slipway.Formats"],
        ["Slipway.Optimization"] = ["Slipway.Core", "Slipway.Formats", "Slipway.OnnxRuntime"],
        ["Slipway.Inference"] = ["Slipway.Core", "Slipway.OnnxRuntime"],
        ["Slipway.Protocols"] = ["Slipway.Core"],
        ["Slipway.Mlflow"] = ["Slipway.Core", "Slipway.Protocols"],
        ["Slipway.Registry"] = ["Slipway.Core"],
        ["Slipway.Registry.PostgreSql"] = ["Slipway.Registry", "Slipway.Core"],
        ["Slipway.Registry.S3"] = ["Slipway.Registry", "Slipway.Core"],
        ["Slipway.Statistics"] = [],
        ["Slipway.Traffic"] = ["Slipway.Core", "Slipway.Statistics"],
        ["Slipway.Monitoring"] = ["Slipway.Core", "Slipway.Statistics"],
        ["Slipway.Pipelines"] = ["Slipway.Core"],
        ["Slipway.Training"] = ["Slipway.Core", "Slipway.Formats", "Slipway.Registry"],
        ["Slipway.Security"] = ["Slipway.Core"],
        ["Slipway.Trust"] = ["Slipway.Core"],
        ["Slipway.Client"] = [],
        ["Slipway.Dashboard"] = ["Slipway.Client"],
        ["Slipway.Server"] = [Any],
        ["Slipway.Cli"] = ["Slipway.Core", "Slipway.OnnxRuntime", "Slipway.Client", "Slipway.Server", "Slipway.Formats", "Slipway.Registry", "Slipway.Statistics", "Slipway.Trust", "Slipway.Optimization"],
    };

    public static IEnumerable<string> Projects => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal);

    public static bool MayReference(string room, string other) =>
        room == other || (Allowed.TryGetValue(room, out string[]? allowed) && (allowed.Contains(Any) || allowed.Contains(other)));

    public static IEnumerable<string> References(string project) => XDocument.Load(project)
        .Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    public static IEnumerable<string> Sources(string project) => Directory
        .EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
}
