using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>A report for machines: the whole state, with unrounded numbers. Pure.</summary>
public static class JsonReport
{
    private static readonly ExperimentJson Readable = new(new JsonSerializerOptions(ExperimentJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true });

    /// <summary>Writes the report.</summary>
    public static string Write(ExperimentState state) => JsonSerializer.Serialize(state, Readable.ExperimentState);
}
