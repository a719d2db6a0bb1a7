namespace Slipway.Client.Registry;

/// <summary>
/// What can be done with the registry through the management API. <see cref="RegistryClient"/> does it on a running server; a program that holds the store itself can offer the same.
/// A version is named by its number or by an alias.
/// </summary>
public interface IRegistryApi
{
    /// <summary>Models by name.</summary>
    /// <param name="search">Part of the name; null: all.</param>
    /// <param name="pageToken">Of the page before; null: the first page.</param>
    /// <param name="maxResults">Most models of the page, 1 to 1000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RegistryModelPage> ListModelsAsync(string? search, string? pageToken, int maxResults, CancellationToken cancellationToken);

    /// <summary>One model.</summary>
    Task<RegistryModel> GetModelAsync(string model, CancellationToken cancellationToken);

    /// <summary>Creates a model without versions.</summary>
    Task<RegistryModel> CreateModelAsync(NewRegistryModel model, CancellationToken cancellationToken);

    /// <summary>Changes name, description or tags.</summary>
    Task<RegistryModel> EditModelAsync(string model, RegistryEdit edit, CancellationToken cancellationToken);

    /// <summary>Deletes a model with all its versions.</summary>
    Task DeleteModelAsync(string model, string? reason, CancellationToken cancellationToken);

    /// <summary>Versions of a model, newest first.</summary>
    Task<RegistryVersionPage> ListVersionsAsync(string model, string? pageToken, int maxResults, CancellationToken cancellationToken);

    /// <summary>One version.</summary>
    Task<RegistryVersion> GetVersionAsync(string model, string version, CancellationToken cancellationToken);

    /// <summary>Stores content and returns its digest; the stream is read once from where it stands and stays the caller's.</summary>
    Task<UploadedBlob> UploadAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Publishes a version of files that were uploaded.</summary>
    Task<RegistryVersion> PublishAsync(string model, NewRegistryVersion version, CancellationToken cancellationToken);

    /// <summary>Opens a file of a version; the stream is the caller's.</summary>
    Task<Stream> DownloadAsync(string model, string version, string path, CancellationToken cancellationToken);

    /// <summary>Changes description or tags of a version.</summary>
    Task<RegistryVersion> EditVersionAsync(string model, string version, RegistryEdit edit, CancellationToken cancellationToken);

    /// <summary>Deletes a version and the aliases that point at it.</summary>
    Task DeleteVersionAsync(string model, string version, string? reason, CancellationToken cancellationToken);

    /// <summary>Moves a version to a stage.</summary>
    Task<RegistryVersion> SetStageAsync(string model, string version, StageMove move, CancellationToken cancellationToken);

    /// <summary>Approves a version in the caller's name.</summary>
    Task<RegistryVersion> ApproveAsync(string model, string version, string? comment, CancellationToken cancellationToken);

    /// <summary>Points an alias at a version.</summary>
    Task<AliasMoved> SetAliasAsync(string model, string alias, AliasMove move, CancellationToken cancellationToken);

    /// <summary>Removes an alias.</summary>
    Task DeleteAliasAsync(string model, string alias, string? reason, CancellationToken cancellationToken);

    /// <summary>The model as it was at a moment of the past.</summary>
    Task<RegistryPast> GetPastAsync(string model, DateTimeOffset asOf, CancellationToken cancellationToken);

    /// <summary>Changes of a model (null: of all) after a sequence, oldest first.</summary>
    Task<RegistryChanges> GetChangesAsync(string? model, long after, int maxResults, CancellationToken cancellationToken);

    /// <summary>What a version was made from, and what was made from it.</summary>
    Task<RegistryLineage> GetLineageAsync(string model, string version, CancellationToken cancellationToken);
}
