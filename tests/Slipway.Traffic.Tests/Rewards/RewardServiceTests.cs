using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rewards;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Routing;
using Slipway.Traffic.Tests.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rewards;

public sealed class RewardServiceTests : IAsyncLifetime
{
    private static readonly BanditDefinition Bandit = new(BanditKind.Thompson) { Metric = "revenue", RewardTo = 10 };

    private readonly MemorySharedRecords _records = new();
    private readonly MemoryDecisionStore _decisions = new();
    private readonly List<Replica> _replicas = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Replica replica in _replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("scoring", "revenue", "unknown", null, 1, "waits for no reward of this requestId")]
    [InlineData("scoring", "revenue", null, "entity", 1, "takes rewards by requestId")]
    [InlineData("scoring", "revenue", "r", null, 11, "expected from 0 to 10")]
    [InlineData("scoring", "revenue", "r", null, -1, "expected from 0 to 10")]
    [InlineData("scoring", "conversion", "r", null, 1, null)]
    [InlineData("nobody", "revenue", "r", null, 1, null)]
    public async Task What_is_wrong_with_a_reward_is_said_where_the_bandit_was_meant(string endpoint, string metric, string? id, string? entity, double value, string? expected)
    {
        Replica replica = await StartAsync();
        await replica.AskAsync("r");
        Feedback feedback = new(endpoint, metric, value) { RequestId = id, EntityKey = entity };
        Assert.False(((IFeedbackSink)replica.Rewards).Take(feedback, out string? problem));
        Assert.Equal(expected is null, problem is null);
        Assert.Contains(expected ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reward_that_is_sent_again_is_taken_again_and_counted_once()
    {
        Replica replica = await StartAsync();
        await replica.AskAsync("r");
        Assert.True(replica.Rewards.Take(Reward("r", 10)));
        Assert.True(replica.Rewards.Take(Reward("r", 0)));
        BanditArmStatus arm = Assert.Single(replica.Arms, static one => one.Weight > 0);
        Assert.Equal((1.0, 10.0), (arm.Weight, arm.MeanReward));
    }

    [Fact]
    public async Task What_was_learned_and_what_is_waited_for_survives_a_restart()
    {
        Replica first = await StartAsync();
        for (int i = 0; i < 50; i++)
        {
            await first.AskAsync($"r{i}");
            first.Rewards.Take(Reward($"r{i}", 4));
        }

        await first.AskAsync("late");
        double[] weights = [.. first.Arms.Select(static arm => arm.Weight)];
        await first.StopAsync();

        Replica second = await StartAsync();
        Assert.Equal(weights, second.Arms.Select(static arm => arm.Weight));
        Assert.Equal(50, second.Bandit.Logged);
        Assert.True(second.Rewards.Take(Reward("late", 10)));
        Assert.True(second.Rewards.Take(Reward("r1", 10)));
        Assert.Equal(51, second.Arms.Sum(static arm => arm.Weight));
        Assert.Equal(51, second.Rewards.Evaluate("scoring", Evenly).Decisions);
    }

    [Fact]
    public async Task Replicas_add_up_what_they_learn()
    {
        Replica[] replicas = [await StartAsync(), await StartAsync(), await StartAsync()];
        for (int round = 0; round < 4; round++)
        {
            foreach (Replica replica in replicas)
            {
                string id = $"r{round}";
                await replica.AskAsync(id);
                replica.Rewards.Take(Reward(id, 5));
                await replica.Rewards.SyncAsync(Cancellation);
            }
        }

        foreach (Replica replica in replicas)
        {
            await replica.Rewards.SyncAsync(Cancellation);
            Assert.Equal(12, replica.Arms.Sum(static arm => arm.Weight));
            Assert.Equal(4, replica.Arms.Sum(static arm => arm.Rewards));
        }
    }

    [Fact]
    public async Task A_store_that_is_away_costs_nothing_but_the_sharing()
    {
        FailingRecords failing = new(_records);
        Replica replica = await StartAsync(failing);
        await replica.AskAsync("a");
        failing.IsAway = true;
        replica.Rewards.Take(Reward("a", 5));
        await replica.Rewards.SyncAsync(Cancellation);
        await replica.AskAsync("b");
        replica.Rewards.Take(Reward("b", 5));
        Assert.Equal(2, replica.Arms.Sum(static arm => arm.Weight));
        failing.IsAway = false;
        await replica.Rewards.SyncAsync(Cancellation);
        Assert.Equal(2, (await StartAsync()).Arms.Sum(static arm => arm.Weight));
    }

    [Fact]
    public async Task A_write_of_which_no_answer_came_counts_once()
    {
        LosingRecords losing = new(_records);
        Replica replica = await StartAsync(losing);
        await replica.AskAsync("a");
        replica.Rewards.Take(Reward("a", 5));
        losing.LosesAnswers = true;
        await replica.Rewards.SyncAsync(Cancellation);
        losing.LosesAnswers = false;
        await replica.AskAsync("b");
        replica.Rewards.Take(Reward("b", 5));
        await replica.Rewards.SyncAsync(Cancellation);
        Assert.Equal(2, replica.Arms.Sum(static arm => arm.Weight));
        Assert.Equal(2, (await StartAsync()).Arms.Sum(static arm => arm.Weight));
    }

    [Fact]
    public async Task Regressions_by_context_are_shared_and_kept()
    {
        BanditDefinition linear = new(BanditKind.LinUcb) { Context = [new ContextField(new KeySource(KeySourceKind.Input, "x"))], Metric = "revenue", RewardTo = 10 };
        Replica first = await StartAsync(bandit: linear);
        for (int i = 0; i < 40; i++)
        {
            await first.AskAsync($"r{i}");
            first.Rewards.Take(Reward($"r{i}", 7));
        }

        double[] expected = Estimates(first);
        await first.StopAsync();
        Assert.Equal(expected, Estimates(await StartAsync(bandit: linear)));

        static double[] Estimates(Replica replica)
        {
            Traffic.Bandits.Bandit bandit = replica.Traffic.Service.BanditOf("scoring")!;
            lock (bandit.Memory.Gate)
            {
                return [.. bandit.Keys.Select(key => Math.Round(bandit.Memory.Of(key).Model.Estimate([1, 1]), 9))];
            }
        }
    }

    [Fact]
    public async Task Damaged_decisions_are_left_alone_and_the_server_starts()
    {
        await _decisions.WriteAsync("scoring", [1, 2, 3], Cancellation);
        Replica replica = await StartAsync();
        await replica.AskAsync("r");
        Assert.True(replica.Rewards.Take(Reward("r", 5)));
    }

    [Fact]
    public async Task Every_cut_and_every_flipped_byte_of_kept_decisions_is_noticed()
    {
        Replica replica = await StartAsync();
        await replica.AskAsync("r");
        replica.Rewards.Take(Reward("r", 5));
        await replica.StopAsync();
        byte[] record = (await _decisions.ReadAsync("scoring", Cancellation))!;
        BanditMemory memory = new(Bandit, replica.Traffic.Time);
        for (int i = 0; i < record.Length; i++)
        {
            byte[] flipped = [.. record];
            flipped[i] ^= 0x10;
            Assert.Throws<IOException>(() => DecisionRecord.Read("scoring", flipped, memory));
            Assert.Throws<IOException>(() => DecisionRecord.Read("scoring", record[..i], memory));
        }

        DecisionRecord.Read("scoring", record, memory);
        Assert.Single(memory.Log);
    }

    [Fact]
    public async Task Files_of_decisions_are_written_and_read()
    {
        using TemporaryFolder folder = new();
        FileDecisionStore store = new(Path.Combine(folder.Root, "bandits"));
        Assert.Null(await store.ReadAsync("..", Cancellation));
        await store.WriteAsync("..", [1], Cancellation);
        await store.WriteAsync("..", [2, 3], Cancellation);
        Assert.Equal([2, 3], (await store.ReadAsync("..", Cancellation))!);
        Assert.Single(Directory.GetFiles(Path.Combine(folder.Root, "bandits")));
    }

    [Fact]
    public async Task What_can_not_be_evaluated_is_refused()
    {
        Replica replica = await StartAsync();
        Assert.Equal(ErrorCode.ModelNotFound, Assert.Throws<SlipwayException>(() => replica.Rewards.Evaluate("nobody", Evenly)).Code);
        Assert.Equal(ErrorCode.FailedPrecondition, Assert.Throws<SlipwayException>(() => replica.Rewards.Evaluate("scoring", Evenly)).Code);
        replica.Traffic.Service.Put(TrafficFixture.Endpoint());
        Assert.Contains("has no bandit", Assert.Throws<SlipwayException>(() => replica.Rewards.Evaluate("scoring", Evenly)).Message, StringComparison.Ordinal);
    }

    private static OffPolicyTarget Evenly => new() { Shares = new Dictionary<string, double> { ["stable"] = 50, ["next"] = 50 } };

    private static Feedback Reward(string id, double value) => new("scoring", "revenue", value) { RequestId = id };

    private async Task<Replica> StartAsync(ISharedRecords? records = null, BanditDefinition? bandit = null)
    {
        Replica replica = new(records ?? _records, _decisions, bandit ?? Bandit, (ulong)_replicas.Count);
        _replicas.Add(replica);
        await replica.Rewards.RestoreAsync(Cancellation);
        return replica;
    }

    private sealed class Replica : IAsyncDisposable
    {
        private bool _isStopped;

        public Replica(ISharedRecords records, IDecisionStore decisions, BanditDefinition bandit, ulong seed)
        {
            Traffic = new TrafficFixture(seed);
            Traffic.Service.Put(TrafficFixture.Endpoint() with { Arms = [.. TrafficFixture.Endpoint().Arms.Select(static arm => arm with { Weight = 0 })], Bandit = bandit });
            Rewards = new RewardService(Traffic.Service, records, decisions, Traffic.Time, NullLogger<RewardService>.Instance);
        }

        public TrafficFixture Traffic { get; }

        public RewardService Rewards { get; }

        public BanditStatus Bandit => Traffic.Service.Find("scoring")!.Bandit!;

        public IReadOnlyList<BanditArmStatus> Arms => Bandit.Arms;

        public async Task AskAsync(string id)
        {
            using InferenceRequest request = new() { ModelName = "scoring", Id = id, Inputs = TrafficFixture.Request().Inputs };
            await Traffic.AskAsync(request);
        }

        public async Task StopAsync()
        {
            _isStopped = true;
            await Rewards.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (!_isStopped)
            {
                await Rewards.DisposeAsync();
            }

            await Traffic.DisposeAsync();
        }
    }

    /// <summary>Writes, and then says that it did not.</summary>
    private sealed class LosingRecords(ISharedRecords inner) : ISharedRecords
    {
        public bool LosesAnswers { get; set; }

        public Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken) => inner.ReadAsync(kind, after, cancellationToken);

        public async Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken)
        {
            long? revision = await inner.WriteAsync(writes, cancellationToken);
            return LosesAnswers ? throw new SlipwayException(ErrorCode.StoreUnavailable, "no answer") : revision;
        }
    }
}
