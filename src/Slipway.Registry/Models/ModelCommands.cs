using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Changes of models.</summary>
internal sealed class ModelCommands(RegistryStore store, ApprovalRules approvals)
{
    public Task<RegisteredModel> CreateAsync(
        string name, string? description, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken) =>
        store.WriteAsync(WriteScope.Registry, async session =>
        {
            if (await ModelRows.FindAsync(session, ModelNames.Model(name)) is not null)
            {
                throw new SlipwayException(ErrorCode.AlreadyExists, $"there is a model '{name}' already");
            }

            ModelRow row = await InsertAsync(session, name, description, tags, change, await EventLog.TimeAsync(session, store.Now()));
            return await ModelRows.LoadAsync(session, row.Id);
        }, cancellationToken);

    /// <summary>Inserts a model whose name was found to be free, with its event.</summary>
    public static async Task<ModelRow> InsertAsync(
        RegistrySession session, string name, string? description, IReadOnlyDictionary<string, string> tags, ChangeContext change, long time)
    {
        ModelNames.Model(name);
        ModelNames.Change(change);
        StoredText.Optional(description, "the description");
        StoredText.Pairs(tags, "tag");
        ModelRow row = new() { Name = name, Description = description, NextVersion = 1, CreatedAt = time, UpdatedAt = time, CreatedBy = change.Actor };
        row.Id = await session.ExactNumberAsync(
            """
            insert into models (name, description, next_version, created_at, updated_at, created_by)
            values (@Name, @Description, @NextVersion, @CreatedAt, @UpdatedAt, @CreatedBy) returning id
            """,
            row);
        await TagTable.Models.AddAsync(session, row.Id, tags);
        await EventLog.WriteAsync(session, time, change, RegistryEventKinds.ModelCreated, row, null, new EventDetail
        {
            Model = new ModelFacts(description, tags.Count == 0 ? null : tags),
        });
        return row;
    }

    public Task<RegisteredModel> RenameAsync(string name, string newName, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(name, change, async (session, row, time) =>
        {
            if (await ModelRows.FindAsync(session, ModelNames.Model(newName)) is not null)
            {
                throw new SlipwayException(ErrorCode.AlreadyExists, $"there is a model '{newName}' already");
            }

            await session.ExecuteAsync("update models set name = @newName where id = @Id", new { newName, row.Id });
            await session.ExecuteAsync("update versions set model = @newName where model_id = @Id", new { newName, row.Id });
            await session.ExecuteAsync("update version_tags set model = @newName where version_id in (select v.id from versions v where v.model_id = @Id)", new { newName, row.Id });
            row.Name = newName;

            // Otherwise a name without a policy would be a way around one with.
            await approvals.CheckModelAsync(session, row);
            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.ModelRenamed, row, null, new EventDetail { Name = new(name, newName) });
        }, cancellationToken);

    public Task<RegisteredModel> DescribeAsync(string name, string? description, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(name, change, async (session, row, time) =>
        {
            StoredText.Optional(description, "the description");
            await session.ExecuteAsync("update models set description = @description where id = @Id", new { description, row.Id });
            await EventLog.WriteAsync(
                session, time, change, RegistryEventKinds.ModelUpdated, row, null, new EventDetail { Description = new(row.Description, description) });
        }, cancellationToken);

    public Task SetTagAsync(string name, string key, string? value, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(name, change, async (session, row, time) =>
        {
            if (await TagTable.Models.SetAsync(session, row.Id, key, value) is { } changed)
            {
                await EventLog.WriteAsync(session, time, change, RegistryEventKinds.ModelUpdated, row, null, new EventDetail
                {
                    Tags = new Dictionary<string, Changed<string>> { [key] = changed },
                });
            }
        }, cancellationToken);

    public Task DeleteAsync(string name, ChangeContext change, CancellationToken cancellationToken) =>
        store.WriteAsync(WriteScope.Registry, async session =>
        {
            ModelNames.Change(change);
            ModelRow row = await ModelRows.GetAsync(session, name, forUpdate: true);
            long time = await EventLog.TimeAsync(session, store.Now());
            await session.ExecuteAsync("delete from models where id = @Id", new { row.Id });
            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.ModelDeleted, row, null, new EventDetail());
        }, cancellationToken);

    private Task<RegisteredModel> ChangeAsync(
        string name, ChangeContext change, Func<RegistrySession, ModelRow, long, Task> apply, CancellationToken cancellationToken) =>
        store.WriteAsync(WriteScope.Registry, async session =>
        {
            ModelNames.Change(change);
            ModelRow row = await ModelRows.GetAsync(session, name, forUpdate: true);
            long time = await EventLog.TimeAsync(session, store.Now());
            await apply(session, row, time);
            await ModelRows.TouchAsync(session, row.Id, time);
            return await ModelRows.LoadAsync(session, row.Id);
        }, cancellationToken);
}
