using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>Whether a model would answer, judged by what is known of it and without loading anything.</summary>
internal static class ModelReadiness
{
    /// <summary>
    /// Whether the version that <paramref name="selector"/> means is ready, or would be loaded by the first request for it.
    /// </summary>
    public static bool IsReady(ModelSnapshot model, VersionSelector selector)
    {
        long? number = selector.Label is { } label ? (model.Labels.TryGetValue(label, out long labelled) ? labelled : -1) : selector.Number;
        foreach (VersionSnapshot version in model.Versions)
        {
            if ((number is null || version.Version == number) && Answers(version, model.Config))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Answers(VersionSnapshot version, ModelConfig config) => version.State == ServableState.Ready
        || (config.Load == LoadPolicy.OnDemand && version.IsWanted && version.State is ServableState.Unknown or ServableState.Unloaded or ServableState.Loading or ServableState.Warming);
}
