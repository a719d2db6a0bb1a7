using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every store of shared records does.</summary>
public abstract class SharedRecordsKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    private ISharedRecords Records => Services.GetRequiredService<ISharedRecords>();

    [Fact]
    public async Task A_record_is_written_when_what_is_expected_is_so_and_seen_by_every_process()
    {
        long first = (await Records.WriteAsync([new SharedWrite("lease", "a", "me", 0), new SharedWrite("other", "a", "else")], None))!.Value;
        Assert.Null(await Records.WriteAsync([new SharedWrite("lease", "b", "mine"), new SharedWrite("lease", "a", "mine", 0)], None));
        long second = (await Records.WriteAsync([new SharedWrite("lease", "a", "yours", first)], None))!.Value;

        Assert.True(second > first);
        ISharedRecords elsewhere = Open(Options).GetRequiredService<ISharedRecords>();
        Assert.Equal([new SharedRecord("a", second, "yours")], await elsewhere.ReadAsync("lease", 0, None));
        Assert.Empty(await elsewhere.ReadAsync("lease", second, None));
        Assert.Equal([new SharedRecord("a", first, "else")], await elsewhere.ReadAsync("other", 0, None));
    }

    [Fact]
    public async Task Of_many_who_write_at_once_one_wins_each_round_and_a_reader_who_goes_on_misses_nothing()
    {
        const int writers = 6;
        const int rounds = 8;
        ISharedRecords[] processes = [.. Enumerable.Range(0, writers).Select(_ => Open(Options).GetRequiredService<ISharedRecords>())];
        await processes[0].ReadAsync("count", 0, None);
        int[] won = await Task.WhenAll(processes.Select(async (records, writer) =>
        {
            int wins = 0;
            for (int round = 0; round < rounds; round++)
            {
                SharedRecord? now = (await records.ReadAsync("count", 0, None)).FirstOrDefault(record => record.Key == "shared");
                int count = now is null ? 0 : int.Parse(now.Value, System.Globalization.CultureInfo.InvariantCulture);
                bool isMine = await records.WriteAsync(
                    [
                        new SharedWrite("count", "shared", (count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), now?.Revision ?? 0),
                        new SharedWrite("log", $"{writer}-{round}", ""),
                    ],
                    None) is not null;
                wins += isMine ? 1 : 0;
            }

            return wins;
        }));

        SharedRecord last = Assert.Single(await Records.ReadAsync("count", 0, None));
        Assert.Equal(won.Sum(), int.Parse(last.Value, System.Globalization.CultureInfo.InvariantCulture));
        IReadOnlyList<SharedRecord> log = await Records.ReadAsync("log", 0, None);
        Assert.Equal(won.Sum(), log.Count);
        Assert.Equal(log.Count, log.Select(record => record.Revision).Distinct().Count());
        Assert.Equal(log.OrderBy(record => record.Revision), log);
    }
}
