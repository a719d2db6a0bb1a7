using System.Text.Json.Serialization;
using Slipway.Formats;
using Slipway.Formats.Abstractions;

namespace Slipway.Cli.Support;

/// <summary>One format and what it supports.</summary>
/// <param name="Name">Short name.</param>
/// <param name="Description">Name for people.</param>
/// <param name="Support">What it supports.</param>
internal sealed record FormatEntry(string Name, string Description, FormatSupport Support)
{
    /// <summary>All formats: those that are served first, in the order in which files are held against them.</summary>
    public static IReadOnlyList<FormatEntry> Of(ModelFormats formats) =>
    [
        .. formats.All.Select(static format => new FormatEntry(format.Name, format.Description, format.Support))
            .OrderBy(static entry => entry.Support.Serving == FormatServing.NotServed)

            // The recognition of a format that this build serves is never reached.
            .DistinctBy(static entry => entry.Name),
    ];
}

/// <summary>JSON of the formats.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<FormatEntry>))]
internal sealed partial class FormatsJson : JsonSerializerContext;
