using Slipway.Core;
using Slipway.Pipelines.Binding;

namespace Slipway.Pipelines.Serving;

/// <summary>What is said when somebody asks a pipeline for something that only models have.</summary>
internal static class PipelineRefusals
{
    /// <summary>A pipeline has one version and one signature.</summary>
    public static void CheckVersion(string pipeline, VersionSelector version, string signature = "")
    {
        if (version.Label is not null || version.Number is not (null or PipelineBinder.Version))
        {
            throw new SlipwayException(ErrorCode.VersionNotFound, $"'{pipeline}' is a pipeline: it has version {PipelineBinder.Version} only, not '{pipeline}{version}'");
        }

        if (signature.Length > 0 && signature != ServableInfo.DefaultSignature)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"Serving signature key \"{signature}\" not found.");
        }
    }

    /// <summary>A pipeline can't be loaded or unloaded.</summary>
    public static SlipwayException NoModel(string name) => new(
        ErrorCode.FailedPrecondition, $"'{name}' is a pipeline; load, unload and label the models that it asks");

    /// <summary>A step asks, through whatever lies between, the pipeline that it belongs to.</summary>
    public static SlipwayException AsksItself(string name) => new(
        ErrorCode.FailedPrecondition, $"pipeline '{name}' asks itself: an arm of an endpoint that one of its steps asks leads back to it");

    /// <summary>It does not fit its models now.</summary>
    public static SlipwayException NotReady(PipelineState pipeline) => new(
        ErrorCode.ModelNotReady, $"pipeline '{pipeline.Definition.Name}' is not ready: {pipeline.Now.Reason}");
}
