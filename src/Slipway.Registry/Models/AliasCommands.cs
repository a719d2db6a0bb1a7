using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Changes of aliases.</summary>
internal sealed class AliasCommands(RegistryStore store, ApprovalRules approvals)
{
    public Task<long?> SetAsync(string model, string alias, long number, AliasExpectation expected, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Alias(alias);
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Registry, async session =>
        {
            ModelRow owner = await ModelRows.GetAsync(session, model, forUpdate: true);
            long? current = await CurrentAsync(session, owner, alias);
            if (!expected.IsMetBy(current))
            {
                throw new SlipwayException(ErrorCode.VersionConflict, $"alias '{alias}' of model '{model}' points {Where(current)}, not {Where(expected.Version)} as expected");
            }

            await VersionRows.GetAsync(session, model, number);
            await approvals.CheckAliasAsync(session, owner.Name, alias, number);
            if (current == number)
            {
                return current;
            }

            long time = await EventLog.TimeAsync(session, store.Now());
            await session.ExecuteAsync(
                """
                insert into aliases (model_id, alias, number) values (@Id, @alias, @number)
                on conflict (model_id, alias) do update set number = excluded.number
                """,
                new { owner.Id, alias, number });
            await TouchAsync(session, owner, time, number, current);
            await EventLog.WriteAsync(session, time, change, RegistryEventKinds.AliasMoved, owner, number, Detail(alias, current, number));
            return current;
        }, cancellationToken);
    }

    public Task<bool> DeleteAsync(string model, string alias, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Registry, async session =>
        {
            ModelRow owner = await ModelRows.GetAsync(session, model, forUpdate: true);
            if (await CurrentAsync(session, owner, alias) is not { } current)
            {
                return false;
            }

            await RemoveAsync(session, owner, new AliasRow { ModelId = owner.Id, Alias = alias, Number = current }, change, await EventLog.TimeAsync(session, store.Now()));
            return true;
        }, cancellationToken);
    }

    /// <summary>Removes an alias that is there, with its event.</summary>
    public static async Task RemoveAsync(RegistrySession session, ModelRow owner, AliasRow alias, ChangeContext change, long time)
    {
        await session.ExecuteAsync("delete from aliases where model_id = @ModelId and alias = @Alias", alias);
        await TouchAsync(session, owner, time, alias.Number, null);
        await EventLog.WriteAsync(session, time, change, RegistryEventKinds.AliasDeleted, owner, alias.Number, Detail(alias.Alias, alias.Number, null));
    }

    private static Task<long?> CurrentAsync(RegistrySession session, ModelRow owner, string alias) =>
        session.NumberAsync("select number from aliases where model_id = @Id and alias = @alias", new { owner.Id, alias });

    private static async Task TouchAsync(RegistrySession session, ModelRow owner, long time, long number, long? other)
    {
        await session.ExecuteAsync(
            "update versions set updated_at = @time where model_id = @Id and number in (@number, @other)", new { time, owner.Id, number, other = other ?? number });
        await ModelRows.TouchAsync(session, owner.Id, time);
    }

    private static EventDetail Detail(string alias, long? from, long? to) => new() { Aliases = new Dictionary<string, Changed<long?>> { [alias] = new(from, to) } };

    private static string Where(long? version) => version is null ? "nowhere" : FormattableString.Invariant($"at version {version}");
}
