using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Options;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Looks whether the pipelines that arms of endpoints name are there, once both have been read.</summary>
internal static class PipelineArms
{
    /// <summary>Reports every arm whose <c>pipeline</c> is none.</summary>
    /// <param name="reader">Where faults are reported.</param>
    /// <param name="document">The whole configuration.</param>
    /// <param name="options">What was read of it.</param>
    public static void Check(ConfigReader reader, ConfigNode document, ServerOptions options)
    {
        // What could not be read would only be found missing once more.
        if (!reader.IsClean)
        {
            return;
        }

        foreach (ConfigField endpoint in document.Find("endpoints")?.Fields ?? [])
        {
            foreach (ConfigField arm in endpoint.Value.Find("arms")?.Fields ?? [])
            {
                if (arm.Value.Find("pipeline") is { } named && !options.Pipelines.Any(pipeline => pipeline.Name == named.Text))
                {
                    reader.Report($"endpoints.{endpoint.Key}.arms.{arm.Key}.pipeline", named, $"there is no pipeline '{named.Text}'; {Known(options.Pipelines)}");
                }
            }
        }
    }

    private static string Known(IReadOnlyList<PipelineDefinition> pipelines) =>
        pipelines.Count == 0 ? "there are none" : $"there are {string.Join(", ", pipelines.Take(20).Select(static pipeline => $"'{pipeline.Name}'"))}";
}
