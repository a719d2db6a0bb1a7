using Slipway.Core;

namespace Slipway.Server.Registry;

/// <summary>Gives callers their registry.</summary>
/// <param name="registry">Models, versions and aliases.</param>
/// <param name="blobs">Content.</param>
/// <param name="inspector">Finds out what files are.</param>
/// <param name="limits">Bounds.</param>
/// <param name="audit">Keeps who decided what.</param>
/// <param name="gate">Decides whether a version may be read at all; null: every one may.</param>
internal sealed class RegistryAccess(
    IModelRegistry registry, IBlobStore blobs, VersionInspector inspector, RegistryLimits limits, RegistryAudit audit, IModelGate? gate = null)
{
    /// <summary>The registry, acting for <paramref name="actor"/>.</summary>
    public RegistryOperations For(string actor) => new(registry, blobs, inspector, limits, audit, gate, actor);
}
