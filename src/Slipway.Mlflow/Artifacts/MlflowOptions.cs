namespace Slipway.Mlflow.Artifacts;

/// <summary>Settings of the MLflow API.</summary>
public sealed class MlflowOptions
{
    /// <summary>Largest artifact that can be uploaded, in bytes. Default 64 GiB: a large language model in one file.</summary>
    public long MaxArtifactBytes { get; set; } = 64L << 30;
}
