using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rewards;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rewards;

/// <summary>Three replicas that answer, learn, share, lose answers of the store, get in each other's way and restart, in an order that a seed decides: in the end every reward counts once.</summary>
public sealed class RewardSimulationTests
{
    private const int Replicas = 3;
    private const int Steps = 400;

    [Fact]
    public async Task Every_reward_counts_once_whatever_the_store_does()
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            World world = new(seed);
            await world.StartAsync();
            for (int step = 0; step < Steps; step++)
            {
                await world.StepAsync();
            }

            await world.SettleAsync();
            foreach ((double count, double sum) in world.Known())
            {
                Assert.True(Math.Abs(world.Count - count) < 1e-6 && Math.Abs(world.Sum - sum) < 1e-6, $"seed {seed}: {world.Count} rewards of {world.Sum}, but known are {count} of {sum}");
            }

            await world.StopAsync();
        }
    }

    private sealed class World(ulong seed)
    {
        private static readonly EndpointDefinition Offers = TrafficFixture.Endpoint() with
        {
            Arms = [.. TrafficFixture.Endpoint().Arms.Select(static arm => arm with { Weight = 0 })],
            Bandit = new BanditDefinition(BanditKind.EpsilonGreedy),
        };

        private readonly SeededRandom _random = new(seed);
        private readonly Unruly _records = new();
        private readonly MemoryDecisionStore[] _decisions = [new(), new(), new()];
        private readonly (TrafficFixture Traffic, RewardService Rewards)[] _replicas = new (TrafficFixture, RewardService)[Replicas];
        private readonly List<(int Replica, string Id)> _waiting = [];
        private long _asked;

        public int Count { get; private set; }

        public double Sum { get; private set; }

        public async Task StartAsync()
        {
            for (int i = 0; i < Replicas; i++)
            {
                await StartAsync(i);
            }
        }

        public async Task StepAsync()
        {
            int replica = Draw(Replicas);
            switch (Draw(12))
            {
                case < 5:
                    string id = $"r{_asked++}";
                    using (InferenceRequest request = new() { ModelName = "scoring", Id = id, Inputs = TrafficFixture.Request().Inputs })
                    {
                        await _replicas[replica].Traffic.AskAsync(request);
                    }

                    _waiting.Add((replica, id));
                    break;
                case < 9 when _waiting.Count > 0:
                    (int asked, string due) = _waiting[Draw(_waiting.Count)];
                    double value = Draw(5) / 4.0;
                    if (_replicas[asked].Traffic.Service.BanditOf("scoring")!.Memory.Reward(due, value) == RewardOutcome.Counted)
                    {
                        Count++;
                        Sum += value;
                    }

                    break;
                case < 11:
                    _records.Fails = Draw(4) switch { 0 => Failure.Read, 1 => Failure.BeforeWrite, 2 => Failure.AfterWrite, _ => Failure.None };
                    _records.IsContended = Draw(2) == 0;
                    await _replicas[replica].Rewards.SyncAsync(CancellationToken.None);
                    (_records.Fails, _records.IsContended) = (Failure.None, false);
                    break;
                default:
                    // Whoever stops in an orderly way has told everything.
                    await _replicas[replica].Rewards.DisposeAsync();
                    await _replicas[replica].Traffic.DisposeAsync();
                    await StartAsync(replica);
                    break;
            }
        }

        public async Task SettleAsync()
        {
            for (int round = 0; round < 2; round++)
            {
                foreach ((_, RewardService rewards) in _replicas)
                {
                    await rewards.SyncAsync(CancellationToken.None);
                }
            }
        }

        public IEnumerable<(double Count, double Sum)> Known() => _replicas.Select(static replica =>
        {
            IReadOnlyList<BanditArmStatus> arms = replica.Traffic.Service.Find("scoring")!.Bandit!.Arms;
            return (arms.Sum(static arm => arm.Weight), arms.Sum(static arm => arm.Weight * arm.MeanReward ?? 0));
        });

        public async Task StopAsync()
        {
            foreach ((TrafficFixture traffic, RewardService rewards) in _replicas)
            {
                await rewards.DisposeAsync();
                await traffic.DisposeAsync();
            }
        }

        private async Task StartAsync(int replica)
        {
            TrafficFixture traffic = new(seed + (ulong)replica);
            traffic.Service.Put(Offers);
            RewardService rewards = new(traffic.Service, _records, _decisions[replica], traffic.Time, NullLogger<RewardService>.Instance);
            _replicas[replica] = (traffic, rewards);
            await rewards.RestoreAsync(CancellationToken.None);
        }

        private int Draw(int parts) => KeyHash.Part(_random.Next(), parts);
    }

    private enum Failure
    {
        None,
        Read,
        BeforeWrite,
        AfterWrite,
    }

    /// <summary>Shared records that fail before or after they have written, and let others in between.</summary>
    private sealed class Unruly : ISharedRecords
    {
        private readonly MemorySharedRecords _records = new();

        public Failure Fails { get; set; }

        public bool IsContended { get; set; }

        public Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken) =>
            Fails == Failure.Read ? throw Away() : _records.ReadAsync(kind, after, cancellationToken);

        public async Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken)
        {
            Failure fails = Fails;
            if (fails == Failure.BeforeWrite)
            {
                throw Away();
            }

            if (IsContended)
            {
                (IsContended, Fails) = (false, Failure.None);
                await Interfere(writes, cancellationToken);
            }

            long? revision = await _records.WriteAsync(writes, cancellationToken);
            return fails == Failure.AfterWrite ? throw Away() : revision;
        }

        // The record is written anew as it is: its revision is another one then.
        private async Task Interfere(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken)
        {
            foreach (SharedWrite write in writes)
            {
                if ((await _records.ReadAsync(write.Kind, 0, cancellationToken)).FirstOrDefault(record => record.Key == write.Key) is { } record)
                {
                    await _records.WriteAsync([new SharedWrite(write.Kind, record.Key, record.Value)], cancellationToken);
                }
            }
        }

        private static SlipwayException Away() => new(ErrorCode.StoreUnavailable, "away");
    }
}
