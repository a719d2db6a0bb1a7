using Slipway.Core;
using Slipway.Inference.Repository.Settings;

namespace Slipway.Inference.Repository;

/// <summary>What is offered of one model, carried from look to look. The same <see cref="Model"/> object comes back while nothing changes.</summary>
/// <param name="Model">What the source says of it.</param>
/// <param name="Listing">The look that it was made from.</param>
/// <param name="Settings">Its configuration, as last read.</param>
/// <param name="ConfigToken">The files that the configuration was read from; null when there were none.</param>
/// <param name="ConfigProblem">What was wrong with them.</param>
/// <param name="IsComplete">Whether everything in the listing has come to rest and is offered.</param>
internal sealed record OfferedModel(
    DesiredModel Model, ModelListing Listing, ModelSettings Settings, string? ConfigToken, string? ConfigProblem, bool IsComplete)
{
    // Versions are numbered from 0.
    private const long ConfigKey = -1;

    // No configuration's token: those of configurations are never empty.
    private const string Unread = "";

    /// <summary>The model as it ought to be offered after a look.</summary>
    public static OfferedModel From(ModelListing listing, OfferedModel? before, SettleTracker settle, ModelConfig defaults)
    {
        if (before is { IsComplete: true } && ReferenceEquals(before.Listing, listing))
        {
            return before;
        }

        bool complete = true;
        List<string> notices = [.. listing.Listed?.Notices ?? [], .. listing.Notices];
        (ModelSettings settings, string? token, string? problem) = ReadSettings(listing, before, settle, defaults, notices, ref complete);
        notices.AddRange(settings.Notices);
        Dictionary<long, ModelArtifact> versions = [];
        foreach (VersionListing version in listing.Versions)
        {
            string? main = settings.MainFile ?? version.MainFile;
            ModelArtifact? known = before?.Model.Versions.GetValueOrDefault(version.Number);
            bool settled = settle.IsSettled((listing.Name, version.Number), version.Token, version.Newest, listing.TrustAge);
            if (known is FolderModelArtifact same && same.IsOf(version, main))
            {
                versions.Add(version.Number, known);
            }
            else if (settled)
            {
                versions.Add(version.Number, new FolderModelArtifact(version, main));
            }
            else if (known is not null)
            {
                // Until the new files have come to rest the old ones stand for the version.
                versions.Add(version.Number, known);
            }

            if (!settled)
            {
                complete = false;
                notices.Add($"version {version.Number} is still being written");
            }
        }

        if (versions.Count == 0 && listing.Versions.Count > 0 && before is not null)
        {
            // The old version was taken away as the new one came: what is loaded of it stays in service until that has come to rest.
            versions = before.Model.Versions.ToDictionary();
        }

        string? whole = listing.Problem is null ? problem : problem is null ? listing.Problem : $"{listing.Problem}; {problem}";
        DesiredModel model = new(listing.Name, ConfigOf(listing, settings, before), versions) { Problem = whole, NothingToServe = versions.Count == 0 ? listing.NothingToServe : null, Notices = notices };
        bool isSame = before is not null && IsSame(before.Model, model);
        return new OfferedModel(isSame ? before!.Model : model, listing, settings, token, problem, complete);
    }

    // The same object while nothing has changed, so that a change can be seen by looking at it.
    private static ModelConfig ConfigOf(ModelListing listing, ModelSettings settings, OfferedModel? before)
    {
        if (listing.Listed is not { } listed)
        {
            return settings.Config;
        }

        if (before is not null && ReferenceEquals(before.Settings, settings) && ReferenceEquals(before.Listing.Listed, listed))
        {
            return before.Model.Config;
        }

        return settings.Config with { VersionPolicy = listed.VersionPolicy ?? settings.Config.VersionPolicy, Labels = listed.Labels };
    }

    private static (ModelSettings Settings, string? Token, string? Problem) ReadSettings(
        ModelListing listing, OfferedModel? before, SettleTracker settle, ModelConfig defaults, List<string> notices, ref bool complete)
    {
        string? token = TokenOf(listing);
        if (before is not null && before.ConfigToken == token)
        {
            return (before.Settings, token, before.ConfigProblem);
        }

        if (token is not null && !settle.IsSettled((listing.Name, ConfigKey), token, listing.Config!.Newest, listing.TrustAge))
        {
            complete = false;
            notices.Add("its configuration is still being written");
            return before is null ? (new ModelSettings(defaults), null, "its configuration is still being written") : (before.Settings, before.ConfigToken, before.ConfigProblem);
        }

        (ModelSettings settings, string? problem, bool mayPass) = ModelSettingsReader.Read(listing.Name, listing.Config, defaults);
        if (mayPass)
        {
            // Read again at the next look: rights and disks change without a change of the file.
            (token, complete) = (Unread, false);
        }

        // A faulty file changes nothing but the problem: what was last good stays.
        return problem is not null && before is not null ? (before.Settings, token, problem) : (problem is null ? settings : new ModelSettings(defaults), token, problem);
    }

    // In a model's only folder the files that a configuration points at belong to the version.
    private static string? TokenOf(ModelListing listing) => listing.Config switch
    {
        not { Files.Count: > 0 } => null,
        { } config when listing.Versions is [var only] && only.Folder == config.Folder => $"{config.Token}:{only.Token}",
        { } config => config.Token,
    };

    private static bool IsSame(DesiredModel x, DesiredModel y) =>
        x.Problem == y.Problem
        && x.NothingToServe == y.NothingToServe
        && ReferenceEquals(x.Config, y.Config)
        && x.Notices.SequenceEqual(y.Notices)
        && x.Versions.Count == y.Versions.Count
        && x.Versions.All(pair => ReferenceEquals(y.Versions.GetValueOrDefault(pair.Key), pair.Value));
}
