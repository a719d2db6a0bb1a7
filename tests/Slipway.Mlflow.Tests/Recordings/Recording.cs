using System.Text.Json.Nodes;
using Slipway.TestKit;

namespace Slipway.Mlflow.Tests.Recordings;

/// <summary>Recorded traffic of a real server: requests in order, and its answers.</summary>
/// <param name="Name">Name of the case.</param>
/// <param name="Steps">The exchanges.</param>
/// <param name="Relative">Relative tolerance for numbers.</param>
/// <param name="Absolute">Absolute tolerance for numbers.</param>
/// <param name="Model">Folder of the model that is served; null when none.</param>
internal sealed record Recording(string Name, IReadOnlyList<JsonObject> Steps, double Relative, double Absolute, string? Model)
{
    /// <summary>Names of the cases of a kind; one that says that there are none where the data is missing.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names(string kind) => Assets.Root is null
        ? [new TheoryDataRow<string>("none")]
        : Cases().Where(item => (string?)item["kind"] == kind).Select(item => new TheoryDataRow<string>((string)item["name"]!));

    /// <summary>Reads a case.</summary>
    public static Recording Read(string name)
    {
        JsonObject item = Cases().Single(item => (string)item["name"]! == name);
        JsonNode document = JsonNode.Parse(File.ReadAllBytes(Assets.PathOf("mlflow/" + (string)item["inputs"]!)))!;
        return new Recording(
            name,
            [.. document["steps"]!.AsArray().Select(step => step!.AsObject())],
            (double)item["tolerance"]!["rel"]!,
            (double)item["tolerance"]!["abs"]!,
            (string?)item["model"] is { } model ? Assets.PathOf("mlflow/" + model) : null);
    }

    private static IEnumerable<JsonObject> Cases() =>
        JsonNode.Parse(File.ReadAllBytes(Assets.PathOf("mlflow/manifest.json")))!["cases"]!.AsArray().Select(item => item!.AsObject());
}
