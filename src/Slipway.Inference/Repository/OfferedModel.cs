using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>What is offered of one model, carried from look to look. The same <see cref="Model"/> object comes back while nothing changes.</summary>
/// <param name="Model">What the source says of it.</param>
internal sealed record OfferedModel(DesiredModel Model)
{
    /// <summary>The model as it ought to be offered after a look.</summary>
    public static OfferedModel From(ModelListing listing, OfferedModel? before, SettleTracker settle, FolderModelSourceOptions options)
    {
        Dictionary<long, ModelArtifact> versions = [];
        List<string> notices = [.. listing.Notices];
        foreach (VersionListing version in listing.Versions)
        {
            FolderModelArtifact artifact = new(version, version.MainFile);
            ModelArtifact? known = before?.Model.Versions.GetValueOrDefault(version.Number);
            bool settled = settle.IsSettled((listing.Name, version.Number), version.Token, version.Newest);
            if (known?.ChangeToken == artifact.ChangeToken)
            {
                versions.Add(version.Number, known);
            }
            else if (settled)
            {
                versions.Add(version.Number, artifact);
            }
            else
            {
                // Until the new files have come to rest the old ones stand for the version.
                notices.Add($"version {version.Number} is still being written");
                if (known is not null)
                {
                    versions.Add(version.Number, known);
                }
            }
        }

        DesiredModel model = new(listing.Name, options.Defaults, versions) { Problem = listing.Problem, Notices = notices };
        return before is not null && IsSame(before.Model, model) ? before : new OfferedModel(model);
    }

    private static bool IsSame(DesiredModel x, DesiredModel y) =>
        x.Problem == y.Problem
        && ReferenceEquals(x.Config, y.Config)
        && x.Notices.SequenceEqual(y.Notices)
        && x.Versions.Count == y.Versions.Count
        && x.Versions.All(pair => ReferenceEquals(y.Versions.GetValueOrDefault(pair.Key), pair.Value));
}
