using Slipway.TestKit.Histories;

namespace Slipway.Registry.PostgreSql.Tests.Histories;

public sealed class LinearizabilityTests
{
    [Fact]
    public void One_after_another_is_in_order() => Assert.True(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 1),
        Read(1, began: 2, ended: 3),
        Move(2, from: 1, began: 4, ended: 5),
        Read(2, began: 6, ended: 7),
        Remove(seen: 2, began: 8, ended: 9),
        Read(0, began: 10, ended: 11)));

    [Fact]
    public void A_read_beside_a_move_may_see_either() => Assert.All(
        [0L, 1L],
        seen => Assert.True(IsLinearizable(Move(1, from: 0, began: 0, ended: 10), Read(seen, began: 2, ended: 3))));

    [Fact]
    public void A_read_after_a_move_that_sees_what_was_before_is_out_of_order() => Assert.False(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 1),
        Read(0, began: 2, ended: 3)));

    [Fact]
    public void Two_reads_beside_a_move_that_see_the_new_and_then_the_old_are_out_of_order() => Assert.False(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 10),
        Read(1, began: 2, ended: 3),
        Read(0, began: 4, ended: 5)));

    [Fact]
    public void Two_moves_that_both_found_the_same_before_them_are_a_lost_update() => Assert.False(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 1),
        Move(2, from: 1, began: 2, ended: 9),
        Move(3, from: 1, began: 3, ended: 8)));

    [Fact]
    public void One_of_two_moves_from_the_same_place_is_refused() => Assert.True(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 1),
        Move(2, from: 1, began: 2, ended: 9),
        Move(3, from: 1, began: 3, ended: 8) with { Refused = true, Seen = null }));

    [Fact]
    public void A_move_that_is_refused_though_its_expectation_was_met_all_the_time_is_out_of_order() => Assert.False(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 1),
        Move(2, from: 1, began: 2, ended: 3) with { Refused = true, Seen = null }));

    [Fact]
    public void A_move_without_an_answer_may_have_happened_late_or_never()
    {
        AliasOperation[] before = [Move(1, from: 0, began: 0, ended: 1), Move(2, from: 1, began: 2, ended: null)];

        Assert.True(IsLinearizable([.. before, Read(1, began: 5, ended: 6)]));
        Assert.True(IsLinearizable([.. before, Read(1, began: 5, ended: 6), Read(2, began: 7, ended: 8)]));
        Assert.False(IsLinearizable([.. before, Read(2, began: 5, ended: 6), Read(1, began: 7, ended: 8)]));
        Assert.False(IsLinearizable([.. before, Read(3, began: 5, ended: 6)]));
    }

    [Fact]
    public void A_move_has_not_happened_before_it_began() => Assert.False(IsLinearizable(
        Read(1, began: 0, ended: 1),
        Move(1, from: 0, began: 2, ended: null)));

    [Fact]
    public void A_removal_that_may_have_found_nothing_or_something_may_have_happened_when_it_matters() => Assert.True(IsLinearizable(
        Removed(began: 0, ended: 9) with { Found = null },
        Move(1, from: 0, began: 1, ended: 2),
        Move(2, from: 0, began: 3, ended: 4)));

    [Fact]
    public void Of_two_removals_that_both_found_the_alias_one_is_out_of_order() => Assert.False(IsLinearizable(
        Move(1, from: 0, began: 0, ended: 1),
        Removed(began: 2, ended: 9),
        Removed(began: 3, ended: 8)));

    [Fact]
    public void Aliases_are_looked_at_one_by_one()
    {
        AliasOperation[] good = [Move(1, from: 0, began: 0, ended: 1), Read(1, began: 2, ended: 3)];
        AliasOperation bad = Read(7, began: 2, ended: 3) with { Alias = "other" };

        (string alias, IReadOnlyList<AliasOperation> history) = Linearizability.FindViolation([.. good, bad])!.Value;

        Assert.Equal("other", alias);
        Assert.Equal([bad], history);
    }

    [Fact]
    public void Short_histories_are_judged_as_by_trying_every_order()
    {
        Random random = new(20261121);
        int linearizable = 0;
        for (int round = 0; round < 4000; round++)
        {
            AliasOperation[] history = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Any(random))];

            bool expected = HasOrderByTryingAll(history, 0, 0);
            Assert.True(expected == IsLinearizable(history), $"round {round}: {string.Join("\n", history.Select(static operation => operation.ToString()))}");
            linearizable += expected ? 1 : 0;
        }

        // Both verdicts have to occur, or nothing was shown.
        Assert.InRange(linearizable, 400, 3600);
    }

    [Fact]
    public void A_long_history_of_a_real_register_is_in_order_and_one_wrong_answer_in_it_is_found()
    {
        Random random = new(7);
        List<AliasOperation> history = [];
        long state = 0;
        for (int index = 0; index < 2000; index++)
        {
            // Each happens at its index; it began up to eight before, and is answered up to eight after, so that about as many are always under way.
            AliasAction kind = (AliasAction)Math.Max(0, random.Next(12) - 9);
            AliasOperation next = new("champion", random.Next(2) == 0 ? AliasAction.Move : kind, random.Next(3) == 0 ? null : state + random.Next(2), index + 1, (index * 10) - random.Next(80), null);
            next = next.Kind == AliasAction.Move ? next : next with { Expected = null };
            bool happens = random.Next(100) > 0;
            long before = state;
            if (happens)
            {
                next.CanFollow(before, out state);
            }

            history.Add(!happens || random.Next(100) == 0
                ? next with { Seen = null, Refused = false }
                : next with
                {
                    Ended = (index * 10) + random.Next(80),
                    Refused = next.Kind == AliasAction.Move && next.Expected is { } expected && expected != before,
                    Seen = next.Kind == AliasAction.Move && next.Expected is { } wanted && wanted != before ? null : before,
                });
        }

        Assert.Null(Linearizability.FindViolation(history));

        int read = history.FindIndex(1500, static operation => operation is { Kind: AliasAction.Read, Ended: not null });
        history[read] = history[read] with { Seen = 1_000_000 };
        Assert.NotNull(Linearizability.FindViolation(history));
    }

    private static bool IsLinearizable(params AliasOperation[] history) => Linearizability.FindViolation(history) is null;

    private static AliasOperation Move(long target, long from, long began, long? ended) =>
        new("champion", AliasAction.Move, from, target, began, ended, Seen: ended is null ? null : from);

    private static AliasOperation Read(long seen, long began, long ended) => new("champion", AliasAction.Read, null, 0, began, ended, Seen: seen);

    private static AliasOperation Remove(long seen, long began, long ended) => new("champion", AliasAction.Remove, null, 0, began, ended, Seen: seen);

    private static AliasOperation Removed(long began, long ended) => new("champion", AliasAction.Remove, null, 0, began, ended, Found: true);

    private static AliasOperation Any(Random random)
    {
        long began = random.Next(20);
        long? ended = random.Next(6) == 0 ? null : began + random.Next(12);
        AliasAction kind = (AliasAction)random.Next(3);
        long? expected = kind == AliasAction.Move && random.Next(2) == 0 ? random.Next(3) : null;
        bool refused = ended is not null && expected is not null && random.Next(2) == 0;
        bool tellsFound = kind == AliasAction.Remove && random.Next(2) == 0;
        bool tellsSeen = !tellsFound && (kind == AliasAction.Read || random.Next(4) > 0);
        return new AliasOperation(
            "champion", kind, expected, kind == AliasAction.Move ? random.Next(1, 4) : 0, began, ended, refused,
            ended is null || refused || !tellsSeen ? null : random.Next(3), ended is null || !tellsFound ? null : random.Next(2) == 0);
    }

    private static bool HasOrderByTryingAll(AliasOperation[] history, int done, long state)
    {
        bool complete = true;
        for (int next = 0; next < history.Length; next++)
        {
            if ((done >> next & 1) != 0)
            {
                continue;
            }

            complete &= history[next].Ended is null;
            bool isFirst = Enumerable.Range(0, history.Length).All(other => (done >> other & 1) != 0 || other == next || !(history[other].Ended < history[next].Began));
            if (isFirst && history[next].CanFollow(state, out long after) && HasOrderByTryingAll(history, done | 1 << next, after))
            {
                return true;
            }
        }

        return complete;
    }
}
