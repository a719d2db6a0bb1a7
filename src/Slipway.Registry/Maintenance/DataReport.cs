namespace Slipway.Registry.Maintenance;

/// <summary>What a check of the data found.</summary>
/// <param name="Models">Models.</param>
/// <param name="Versions">Versions of models.</param>
/// <param name="Artifacts">Named files of runs.</param>
/// <param name="Runs">Runs.</param>
/// <param name="Events">Events.</param>
/// <param name="Blobs">Blobs in the store.</param>
/// <param name="BlobBytes">Their size.</param>
/// <param name="Orphans">Blobs that nothing refers to: what collection removes when they are old enough. No problem.</param>
/// <param name="OrphanBytes">Their size.</param>
/// <param name="Problems">What is wrong; empty when all is well.</param>
public sealed record DataReport(
    long Models,
    long Versions,
    long Artifacts,
    long Runs,
    long Events,
    long Blobs,
    long BlobBytes,
    long Orphans,
    long OrphanBytes,
    IReadOnlyList<DataProblem> Problems);

/// <summary>Something that is wrong with the data.</summary>
/// <param name="Kind">What kind: <c>database</c>, <c>blob-missing</c>, <c>blob-damaged</c>, <c>manifest</c>, <c>alias</c>, <c>version</c>, <c>history</c>.</param>
/// <param name="Subject">What it concerns: a digest, <c>MODEL:VERSION</c>, <c>MODEL@ALIAS</c>, a name of a file.</param>
/// <param name="Message">What is wrong, for people.</param>
public sealed record DataProblem(string Kind, string Subject, string Message);
