using Slipway.Inference.Configuration;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Looks whether the pipelines that arms of endpoints name are there.</summary>
internal static class PipelineArms
{
    /// <summary>Reports every arm whose <c>pipeline</c> is none. Names alone are looked at, so that what else is wrong with a pipeline is told where it is.</summary>
    /// <param name="reader">Where faults are reported.</param>
    /// <param name="document">The whole configuration.</param>
    public static void Check(ConfigReader reader, ConfigNode document)
    {
        IReadOnlyList<ConfigField> pipelines = document.Find("pipelines")?.Fields ?? [];
        foreach (ConfigField endpoint in document.Find("endpoints")?.Fields ?? [])
        {
            foreach (ConfigField arm in endpoint.Value.Find("arms")?.Fields ?? [])
            {
                if (arm.Value.Find("pipeline") is { Kind: ConfigNodeKind.Scalar } named && !pipelines.Any(pipeline => pipeline.Key == named.Text))
                {
                    reader.Report($"endpoints.{endpoint.Key}.arms.{arm.Key}.pipeline", named, $"there is no pipeline '{named.Text}'; {Known(pipelines)}");
                }
            }
        }
    }

    private static string Known(IReadOnlyList<ConfigField> pipelines) =>
        pipelines.Count == 0 ? "there are none" : $"there are {string.Join(", ", pipelines.Take(20).Select(static pipeline => $"'{pipeline.Key}'"))}";
}
