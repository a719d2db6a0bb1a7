using System.Text.Json;
using Slipway.Core;
using Slipway.Traffic.Bandits;

namespace Slipway.Traffic.Rewards;

/// <summary>
/// Keeps what one bandit has learned in the records that all replicas share: each adds what is new to it by compare-and-set, and takes what others have added. For one caller at a time.
/// </summary>
/// <param name="endpoint">Name of the endpoint.</param>
/// <param name="records">The records.</param>
/// <param name="replica">Who this is.</param>
internal sealed class BanditSync(string endpoint, ISharedRecords records, string replica)
{
    private const string Kind = "bandit";
    private const int MaxWriters = 64;
    private const int MaxArms = 256;
    private const int MaxAttempts = 5;

    private BanditMemory? _memory;
    private long _revision;
    private long _sequence;
    private bool _isInDoubt;
    private BanditRecord? _last;

    /// <summary>Reads what is new in the store, and writes what is new here.</summary>
    /// <param name="memory">What the bandit has learned.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException">The store is away; what is new here stays for the next time.</exception>
    public async Task RunAsync(BanditMemory memory, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(memory, _memory))
        {
            // Rewards have another meaning now, or this is the start.
            (_memory, _revision, _isInDoubt) = (memory, 0, false);
        }

        for (int attempt = 0; attempt < MaxAttempts && !await TryAsync(memory, cancellationToken); attempt++)
        {
            // Another replica was quicker: once more on top of what it has written.
        }
    }

    private async Task<bool> TryAsync(BanditMemory memory, CancellationToken cancellationToken)
    {
        IReadOnlyList<SharedRecord> news = await records.ReadAsync(Kind, _revision, cancellationToken);
        BanditRecord? record = null;
        if (news.LastOrDefault(one => one.Key == endpoint) is { } known)
        {
            (_revision, record) = (known.Revision, Parse(known.Value));
        }

        BanditRecord? next = Take(memory, record);
        if (next is null)
        {
            return true;
        }

        _isInDoubt = true;
        long? written = await records.WriteAsync([new SharedWrite(Kind, endpoint, JsonSerializer.Serialize(next, BanditJson.Default.BanditRecord), _revision)], cancellationToken);
        _isInDoubt = false;
        lock (memory.Gate)
        {
            foreach (ArmKnowledge arm in memory.Arms)
            {
                if (written is not null && arm.Pending is { } pending)
                {
                    arm.Shared.Add(pending);
                }

                arm.End(isWritten: written is not null);
            }
        }

        _revision = written ?? _revision;
        _last = written is null ? _last : next;
        return written is not null;
    }

    /// <summary>Takes what the store has, and sets aside what is new.</summary>
    /// <returns>What to write; null when nothing is new here.</returns>
    private BanditRecord? Take(BanditMemory memory, BanditRecord? record)
    {
        lock (memory.Gate)
        {
            if (_isInDoubt)
            {
                bool arrived = record?.Writers.Any(write => write.Replica == replica && write.Sequence == _sequence) == true;
                foreach (ArmKnowledge arm in memory.Arms)
                {
                    arm.End(isWritten: arrived);
                }

                _isInDoubt = false;
            }

            memory.Fade();
            if (record is not null)
            {
                Replace(memory, record);
            }

            if (memory.Arms.All(static arm => arm.Own.Reward.Count == 0))
            {
                return null;
            }

            foreach (ArmKnowledge arm in memory.Arms)
            {
                arm.Begin();
            }

            _sequence++;
            BanditWrite[] writers = [.. (_last?.Writers ?? []).Where(write => write.Replica != replica).TakeLast(MaxWriters - 1), new BanditWrite(replica, _sequence)];
            return new BanditRecord(memory.Meaning, memory.FadedAt, [.. memory.Arms.Take(MaxArms).Select(Sum)], writers);
        }
    }

    private void Replace(BanditMemory memory, BanditRecord record)
    {
        _last = record;
        if (record.Meaning != memory.Meaning)
        {
            return;
        }

        double factor = memory.FactorSince(record.Time);
        foreach (BanditArmRecord one in record.Arms)
        {
            ArmSums sums = new(memory.Features) { Reward = new ArmReward(one.Count, one.Sum) };
            if (sums.Linear is { } linear && one.Gram?.Length == linear.Gram.Length && one.Target?.Length == linear.Target.Length)
            {
                one.Gram.CopyTo(linear.Gram, 0);
                one.Target.CopyTo(linear.Target, 0);
            }

            sums.Fade(factor);
            memory.Replace(one.Arm, sums);
        }
    }

    private static BanditArmRecord Sum(ArmKnowledge arm)
    {
        ArmSums pending = arm.Pending!;
        ArmReward reward = arm.Shared.Reward.Plus(pending.Reward);
        return arm.Shared.Linear is { } shared && pending.Linear is { } own
            ? new BanditArmRecord(arm.Key, reward.Count, reward.Sum, [.. shared.Gram.Zip(own.Gram, static (a, b) => a + b)], [.. shared.Target.Zip(own.Target, static (a, b) => a + b)])
            : new BanditArmRecord(arm.Key, reward.Count, reward.Sum, null, null);
    }

    private static BanditRecord? Parse(string value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, BanditJson.Default.BanditRecord);
        }
        catch (JsonException)
        {
            // A later release wrote it, or nobody: what is learned from now on takes its place.
            return null;
        }
    }
}
