using System.Text.Json;

namespace Slipway.Client.Registry;

/// <summary>A version of a model of the registry. Its files, digest and provenance never change.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Number">Number, from 1; never given twice.</param>
/// <param name="Status"><c>pending</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="Stage">Stage in the words of the users; <c>None</c> at first.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When its description, tags, stage, aliases or status last changed.</param>
/// <param name="CreatedBy">Who created it.</param>
public sealed record RegistryVersion(
    string Model, long Number, string Status, string Stage, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy)
{
    /// <summary>SHA-256 of the manifest, which addresses the version by content; null when its files are kept elsewhere.</summary>
    public string? Digest { get; init; }

    /// <summary>Size of all files in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Files in ordinal order of their names; empty when they are kept elsewhere.</summary>
    public IReadOnlyList<RegistryFile> Files { get; init; } = [];

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>Where the files came from, as the author said it; null when they were pushed.</summary>
    public string? Source { get; init; }

    /// <summary>Format of the model (<c>onnx</c>, <c>sklearn</c> …) as found when it was published; null when unknown.</summary>
    public string? Format { get; init; }

    /// <summary>Inputs and outputs in Open Inference's metadata form; null when unknown.</summary>
    public JsonElement? Signature { get; init; }

    /// <summary>Description; null when nothing was said.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Training parameters by key.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics of its evaluation by key.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Run that made it; null when unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>A link to the run, for people; null when none was given.</summary>
    public string? RunLink { get; init; }

    /// <summary>Logged model that it was registered from; null when none.</summary>
    public string? LoggedModelId { get; init; }

    /// <summary>SHA-256 of the data that it was trained on; null when unknown.</summary>
    public string? TrainingDataDigest { get; init; }

    /// <summary>Version of the same model that it was made from; null when none.</summary>
    public long? ParentVersion { get; init; }

    /// <summary>Aliases that point at it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Who approved it.</summary>
    public IReadOnlyList<RegistryApproval> Approvals { get; init; } = [];

    /// <summary>Things to know that publishing found, such as that the format can't be served; empty later on.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>A file of a version.</summary>
/// <param name="Path">Relative name, <c>/</c> between folders.</param>
/// <param name="Digest">SHA-256 of the content, 64 hexadecimal digits.</param>
/// <param name="Length">Size in bytes.</param>
public sealed record RegistryFile(string Path, string Digest, long Length);

/// <summary>Somebody's consent to a version.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Time">When.</param>
/// <param name="Comment">Their words; null when none.</param>
public sealed record RegistryApproval(string Actor, DateTimeOffset Time, string? Comment);

/// <summary>A page of versions.</summary>
/// <param name="Versions">The versions, newest first.</param>
/// <param name="NextPageToken">Asks for the next page; null on the last.</param>
public sealed record RegistryVersionPage(IReadOnlyList<RegistryVersion> Versions, string? NextPageToken);
