using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Tells what a version was made from and what was made from it.</summary>
internal sealed class LineageQueries(RegistryStore store, VersionRows versions, ITrackingStore tracking)
{
    // Enough to see who is related; a search by digest tells all.
    private const int MostRelatives = 1000;

    public async Task<VersionLineage> GetAsync(string model, long number, CancellationToken cancellationToken)
    {
        VersionLineage lineage = await store.ReadAsync(async session =>
        {
            VersionRow row = await VersionRows.GetAsync(session, model, number);
            ModelVersion version = await versions.LoadAsync(session, row);
            return new VersionLineage(
                version,
                null,
                [],
                row.ParentVersion is { } parent && await VersionRows.FindAsync(session, model, parent) is { } found ? await versions.LoadAsync(session, found) : null,
                await RelativesAsync(session, row, "v.model_id = @ModelId and v.parent_version = @Number"),
                row.TrainingDataDigest is null ? [] : await RelativesAsync(session, row, "v.training_data_digest = @TrainingDataDigest"),
                row.Manifest is null ? [] : await RelativesAsync(session, row, "v.manifest = @Manifest"));
        }, cancellationToken);

        TrackedRun? run = lineage.Version.RunId is { } id ? await tracking.FindRunAsync(id, cancellationToken) : null;
        return run is null ? lineage : lineage with { Run = run, Datasets = run.Datasets };
    }

    private async Task<IReadOnlyList<ModelVersion>> RelativesAsync(RegistrySession session, VersionRow row, string condition) => await versions.LoadAsync(
        session,
        await session.QueryAsync<long>(
            $"select v.id from versions v where {condition} and v.id <> @Id order by v.model, v.number limit {MostRelatives}",
            new { row.Id, row.ModelId, row.Number, row.TrainingDataDigest, row.Manifest }));
}
