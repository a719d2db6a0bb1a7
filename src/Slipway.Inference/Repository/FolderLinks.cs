namespace Slipway.Inference.Repository;

/// <summary>
/// Where a symbolic link in place of a model's or version's folder may point. Inside a version links are always refused, but for the <c>..data</c>
/// link of a Kubernetes volume, which stands for the whole folder.
/// </summary>
public enum FolderLinks
{
    /// <summary>Inside the models folder (default).</summary>
    WithinModels,

    /// <summary>Anywhere: whoever may write the models folder may have any readable folder looked at.</summary>
    Anywhere,

    /// <summary>Nowhere.</summary>
    Never,
}
