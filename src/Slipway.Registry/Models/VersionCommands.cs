using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Changes of versions.</summary>
internal sealed class VersionCommands(RegistryStore store, StageNames stages, ApprovalRules approvals, VersionRows versions)
{
    public Task<ModelVersion> DescribeAsync(string model, long number, string? description, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(model, number, change, async (session, owner, row, time) =>
        {
            StoredText.Optional(description, "the description");
            await session.ExecuteAsync("update versions set description = @description where id = @Id", new { description, row.Id });
            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.VersionUpdated, owner, number, new EventDetail
            {
                Description = new(row.Description, description),
            });
            return true;
        }, cancellationToken);

    public Task SetTagAsync(string model, long number, string key, string? value, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(model, number, change, async (session, owner, row, time) =>
        {
            if (await TagTable.Versions.SetAsync(session, row.Id, key, value) is not { } changed)
            {
                return false;
            }

            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.VersionUpdated, owner, number, new EventDetail
            {
                Tags = new Dictionary<string, Changed<string>> { [key] = changed },
            });
            return true;
        }, cancellationToken);

    public Task<ModelVersion> SetStageAsync(
        string model, long number, string stage, bool archiveOthers, ChangeContext change, CancellationToken cancellationToken)
    {
        string target = stages.Canonical(stage);
        return ChangeAsync(model, number, change, async (session, owner, row, time) =>
        {
            await approvals.CheckStageAsync(session, owner.Name, target, number);
            bool isMoved = row.Stage != target && await MoveAsync(session, owner, row, target, change, time);
            if (archiveOthers && target != StageNames.Archived)
            {
                foreach (VersionRow other in await session.QueryAsync<VersionRow>(
                    $"select {VersionRow.Columns} from versions v where v.model_id = @ModelId and v.stage = @target and v.id <> @Id order by v.number",
                    new { row.ModelId, target, row.Id }))
                {
                    isMoved |= await MoveAsync(session, owner, other, StageNames.Archived, change, time);
                }
            }

            return isMoved;
        }, cancellationToken);
    }

    public Task<ModelVersion> ApproveAsync(string model, long number, string? comment, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(model, number, change, async (session, owner, row, time) =>
        {
            StoredText.Optional(comment, "the comment");
            if (await session.ExecuteAsync(
                """
                insert into approvals (version_id, actor, approved_at, comment) values (@Id, @Actor, @time, @comment)
                on conflict (version_id, actor) do nothing
                """,
                new { row.Id, change.Actor, time, comment }) == 0)
            {
                return false;
            }

            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.VersionApproved, owner, number, new EventDetail { Comment = comment });
            return true;
        }, cancellationToken);

    public Task DeleteAsync(string model, long number, ChangeContext change, CancellationToken cancellationToken) =>
        store.WriteAsync(WriteScope.Registry, async session =>
        {
            ModelNames.Change(change);
            ModelRow owner = await ModelRows.GetAsync(session, model, forUpdate: true);
            VersionRow row = await VersionRows.GetAsync(session, model, number);
            long time = await EventLog.TimeAsync(session, store.Now());
            foreach (AliasRow alias in await session.QueryAsync<AliasRow>(
                "select model_id as ModelId, alias, number from aliases where model_id = @Id and number = @number order by alias", new { owner.Id, number }))
            {
                await AliasCommands.RemoveAsync(session, owner, alias, change, time);
            }

            await session.ExecuteAsync("delete from versions where id = @Id", new { row.Id });
            await ModelRows.TouchAsync(session, owner.Id, time);
            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.VersionDeleted, owner, number, new EventDetail());
        }, cancellationToken);

    private static async Task<bool> MoveAsync(RegistrySession session, ModelRow owner, VersionRow row, string target, ChangeContext change, long time)
    {
        await session.ExecuteAsync("update versions set stage = @target, updated_at = @time where id = @Id", new { target, time, row.Id });
        await EventLog.WriteAsync(session, time, change, RegistryEventKinds.VersionStaged, owner, row.Number, new EventDetail { Stage = new(row.Stage, target) });
        return true;
    }

    /// <summary>Applies a change, which says whether there was one, to a version of a model that is locked.</summary>
    private Task<ModelVersion> ChangeAsync(
        string model, long number, ChangeContext change, Func<RegistrySession, ModelRow, VersionRow, long, Task<bool>> apply, CancellationToken cancellationToken) =>
        store.WriteAsync(WriteScope.Registry, async session =>
        {
            ModelNames.Change(change);
            ModelRow owner = await ModelRows.GetAsync(session, model, forUpdate: true);
            VersionRow row = await VersionRows.GetAsync(session, model, number);
            long time = await EventLog.TimeAsync(session, store.Now());
            if (await apply(session, owner, row, time))
            {
                await session.ExecuteAsync("update versions set updated_at = @time where id = @Id", new { time, row.Id });
                await ModelRows.TouchAsync(session, owner.Id, time);
            }

            return await versions.LoadAsync(session, row.Id);
        }, cancellationToken);
}
