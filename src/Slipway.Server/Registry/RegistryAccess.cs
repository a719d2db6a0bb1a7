using Slipway.Core;

namespace Slipway.Server.Registry;

/// <summary>Gives callers their registry.</summary>
/// <param name="registry">Models, versions and aliases.</param>
/// <param name="blobs">Content.</param>
/// <param name="files">Checks what is published.</param>
/// <param name="limits">Bounds.</param>
/// <param name="audit">Keeps who decided what.</param>
internal sealed class RegistryAccess(IModelRegistry registry, IBlobStore blobs, PublishedContent files, RegistryLimits limits, RegistryAudit audit)
{
    /// <summary>The registry, acting for <paramref name="actor"/>.</summary>
    public RegistryOperations For(string actor) => new(registry, blobs, files, limits, audit, actor);
}
