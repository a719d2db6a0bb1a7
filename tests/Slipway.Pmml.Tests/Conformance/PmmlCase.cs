using System.Text.Json;
using Slipway.TestKit;

namespace Slipway.Pmml.Tests.Conformance;

/// <summary>One case of the manifest of the conformance data.</summary>
internal sealed record PmmlCase(string Name, string Kind, string Model, string? Inputs, string? Expected, double Relative, double Absolute, string? ModelName, IReadOnlySet<string> Ignored)
{
    public static IReadOnlyList<PmmlCase> All { get; } = Load();

    private static List<PmmlCase> Load()
    {
        if (Assets.Root is null || !File.Exists(Assets.PathOf("pmml/manifest.json")))
        {
            return [];
        }

        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("pmml/manifest.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray().Select(Read)];
    }

    private static PmmlCase Read(JsonElement element)
    {
        JsonElement tolerance = element.TryGetProperty("tolerance", out JsonElement given) ? given : default;
        return new PmmlCase(
            element.GetProperty("name").GetString()!,
            element.GetProperty("kind").GetString()!,
            Text(element, "model") is { } model ? Assets.PathOf("pmml/" + model) : "",
            Text(element, "inputs") is { } inputs ? Assets.PathOf("pmml/" + inputs) : null,
            Text(element, "expected") is { } expected ? Assets.PathOf("pmml/" + expected) : null,
            tolerance.ValueKind == JsonValueKind.Object ? tolerance.GetProperty("rel").GetDouble() : 1e-9,
            tolerance.ValueKind == JsonValueKind.Object ? tolerance.GetProperty("abs").GetDouble() : 1e-9,
            Text(element, "model_name"),
            element.TryGetProperty("ignore_columns", out JsonElement ignored) ? ignored.EnumerateArray().Select(static name => name.GetString()!).ToHashSet() : []);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
