using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.TestKit.Histories;

namespace Slipway.Registry.Worker;

/// <summary>Clients that read, move and remove aliases of one model as they like, and tell what they do before and after they do it.</summary>
public static class AliasClients
{
    /// <summary>Model of the aliases.</summary>
    public const string Model = "contested";

    private static readonly ChangeContext Change = new("client");

    internal static async Task RunAsync(IServiceProvider services, string name, int clients, int operations, int seed)
    {
        IModelRegistry registry = services.GetRequiredService<IModelRegistry>();
        long versions = await CountVersionsAsync(registry);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(
            () => RunClientAsync(registry, $"{name}.{client}", operations, versions, new Random(seed + client)))));
    }

    // The store may be away already while a process of a busy machine still starts: it asks again until the store is back.
    private static async Task<long> CountVersionsAsync(IModelRegistry registry)
    {
        while (true)
        {
            try
            {
                return (await registry.SearchVersionsAsync(SearchQuery.All, default)).Items.Count;
            }
            catch (SlipwayException fault) when (fault.IsTransient)
            {
                await Task.Delay(200);
            }
        }
    }

    private static async Task RunClientAsync(IModelRegistry registry, string client, int operations, long versions, Random random)
    {
        long believed = 0;
        for (int index = 0; index < operations; index++)
        {
            AliasOperation asked = Choose(random, believed, versions);
            string id = $"{client}.{index}";
            Tell(HistoryLine.Begin(id, asked));
            AliasOperation? answered = await AskAsync(registry, asked, random);
            if (answered is null)
            {
                // Nobody knows whether it happened. The store is away or the connection was lost: some rest, so that such operations stay few.
                await Task.Delay(200);
                continue;
            }

            Tell(HistoryLine.End(id, answered));
            believed = answered switch
            {
                { Refused: true } => random.NextInt64(versions + 1),
                { Kind: AliasAction.Move } => asked.Target,
                { Kind: AliasAction.Remove } => 0,
                _ => answered.Seen ?? believed,
            };
        }
    }

    private static AliasOperation Choose(Random random, long believed, long versions)
    {
        AliasAction kind = random.Next(10) switch
        {
            < 4 => AliasAction.Read,
            < 9 => AliasAction.Move,
            _ => AliasAction.Remove,
        };
        return new AliasOperation(
            random.Next(2) == 0 ? "champion" : "challenger",
            kind,
            kind == AliasAction.Move && random.Next(4) > 0 ? believed : null,
            kind == AliasAction.Move ? random.NextInt64(1, versions + 1) : 0,
            0,
            null);
    }

    private static async Task<AliasOperation?> AskAsync(IModelRegistry registry, AliasOperation asked, Random random)
    {
        try
        {
            switch (asked.Kind)
            {
                case AliasAction.Read when random.Next(2) == 0:
                    return asked with { Seen = (await registry.FindVersionByAliasAsync(Model, asked.Alias, default))?.Number ?? 0 };
                case AliasAction.Read:
                    return asked with { Seen = (await registry.FindModelAsync(Model, default))!.Aliases.GetValueOrDefault(asked.Alias) };
                case AliasAction.Remove:
                    return asked with { Found = await registry.DeleteAliasAsync(Model, asked.Alias, Change, default) };
                default:
                    AliasExpectation expected = asked.Expected switch
                    {
                        null => AliasExpectation.Any,
                        0 => AliasExpectation.Absent,
                        { } number => AliasExpectation.At(number),
                    };
                    return asked with { Seen = await registry.SetAliasAsync(Model, asked.Alias, asked.Target, expected, Change, default) ?? 0 };
            }
        }
        catch (SlipwayException fault) when (fault.Code == ErrorCode.VersionConflict)
        {
            return asked with { Refused = true };
        }
        catch (SlipwayException fault) when (fault.IsTransient)
        {
            return null;
        }
    }

    private static void Tell(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
